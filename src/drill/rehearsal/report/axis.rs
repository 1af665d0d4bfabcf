//! The time axis of a picture. Minutes matter inside the window and days around it, so stretches are drawn by the
//! fourth root of their length: half an hour stays readable beside a week.

use crate::hub::rollover::Plan;
use time::OffsetDateTime;

/// Moments and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Each with its place, from 0 to 1.
    marks: Vec<(OffsetDateTime, f64)>,
}

impl Axis {
    /// The horizon of a plan, with its steps and its window as marks.
    pub fn of(plan: &Plan) -> Self {
        let (from, to) = plan.horizon();
        let steps = plan.steps.iter().map(|step| step.at);
        let mut moments: Vec<OffsetDateTime> = steps
            .chain([from, plan.window.from, plan.window.to, to])
            .filter(|at| (from..=to).contains(at))
            .collect();
        moments.sort();
        moments.dedup();
        let mut marks = Vec::new();
        let (mut sum, mut last) = (0.0, from);
        for at in moments {
            sum += weight(last, at);
            marks.push((at, sum));
            last = at;
        }
        for (_, place) in &mut marks {
            *place /= sum.max(f64::MIN_POSITIVE);
        }
        Self { marks }
    }

    /// The marks, in the order of time.
    pub fn marks(&self) -> &[(OffsetDateTime, f64)] {
        &self.marks
    }

    /// Where a moment stands, from 0 to 1; moments outside stand at the ends.
    pub fn place(&self, at: OffsetDateTime) -> f64 {
        let after = self.marks.partition_point(|(mark, _)| *mark <= at);
        let before = after.checked_sub(1).and_then(|index| self.marks.get(index));
        match (before, self.marks.get(after)) {
            (Some((from, start)), Some((to, end))) => {
                let part = (at - *from).as_seconds_f64() / (*to - *from).as_seconds_f64();
                start + (end - start) * part
            }
            (None, _) => 0.0,
            (_, None) => 1.0,
        }
    }
}

/// Roots are exact on every machine, logarithms are not.
fn weight(from: OffsetDateTime, to: OffsetDateTime) -> f64 {
    ((to - from).as_seconds_f64() / 60.0).sqrt().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::rollover::{Preset, Strategy, Subject, Window};
    use time::Duration;
    use time::macros::datetime;

    #[test]
    fn time_runs_from_left_to_right_and_the_window_can_be_seen() {
        let six = datetime!(2026-12-02 06:00 +1);
        for strategy in Strategy::ALL {
            let plan = Preset::new(strategy, Subject::Hub, Window::of(six)).plan();
            let axis = Axis::of(&plan);
            let (from, to) = plan.horizon();
            assert_eq!((axis.place(from), axis.place(to)), (0.0, 1.0));
            assert_eq!(axis.place(from - Duration::days(1)), 0.0);
            assert_eq!(axis.place(to + Duration::days(1)), 1.0);
            let mut last = -1.0;
            for hour in 0..(to - from).whole_hours() {
                let place = axis.place(from + Duration::hours(hour));
                assert!(place > last);
                last = place;
            }
            let window = axis.place(plan.window.to) - axis.place(plan.window.from);
            assert!(window > 0.08, "{strategy:?}: {window}");
        }
    }
}
