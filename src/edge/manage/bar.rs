//! The time of a plan as a drawing: the window, which key signs, what metadata shows, and where the plan stands. The
//! list of steps beside it says the same in words.

use crate::edge::page::{Text, when};
use crate::edge::rollover::Playing;
use crate::hub::keys::{Generation, KeyState};
use time::{Duration, OffsetDateTime};

/// Units from left to right.
const WIDTH: f64 = 1000.0;

/// The drawing.
pub struct Bar {
    /// The service window: from and how wide.
    pub window: (f64, f64),
    /// Which key signs: from, how wide, and a class.
    pub signs: Vec<(f64, f64, &'static str)>,
    /// What metadata shows.
    pub shows: Vec<(f64, f64, &'static str)>,
    /// Where the plan stands.
    pub now: f64,
    /// Both ends in words.
    pub ends: [String; 2],
    /// The window in words.
    pub hours: String,
}

impl Bar {
    /// Around the changes of keys, with a margin on both sides.
    pub fn of(t: &Text, playing: &Playing, at: OffsetDateTime) -> Self {
        let window = playing.plan.window;
        let moments: Vec<OffsetDateTime> = playing.schedule.moments().collect();
        let first = moments
            .first()
            .map_or(window.from, |at| window.from.min(*at));
        let last = moments.last().map_or(window.to, |at| window.to.max(*at));
        let margin = (last - first) / 6;
        let (from, to) = (first - margin, last + margin);
        let x = |moment: OffsetDateTime| {
            let (past, all): (Duration, Duration) = (moment - from, to - from);
            let part = past.as_seconds_f64() / all.as_seconds_f64();
            (part.clamp(0.0, 1.0) * WIDTH).round()
        };
        let spans = |class: fn(&KeyState) -> &'static str| {
            let mut edges = vec![from];
            edges.extend(&moments);
            edges.push(to);
            let states = playing.schedule.states();
            let pairs = edges.windows(2).zip(states);
            pairs
                .map(|(edge, state)| {
                    let (left, right) = (x(edge[0]), x(edge[1]));
                    (left, right - left, class(state))
                })
                .collect()
        };
        let short = |moment| when::to(window.from + Duration::MINUTE, moment, t.language);
        Self {
            window: (x(window.from), x(window.to) - x(window.from)),
            signs: spans(|state| class(&[state.signs])),
            shows: spans(|state| class(&state.shows.signing)),
            now: x(at),
            ends: [short(from), short(to)],
            hours: format!("{}–{}", short(window.from), short(window.to)),
        }
    }
}

fn class(generations: &[Generation]) -> &'static str {
    let next = generations.contains(&Generation::Next);
    match (next, generations.len()) {
        (true, 1) => "new",
        (true, _) => "both",
        (false, _) => "old",
    }
}
