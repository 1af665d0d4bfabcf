//! JUnit, the one writer of it: suites of cases. No times of the clock, so that the same question gives the same bytes.

use askama::Template;

/// A report.
#[derive(Template)]
#[template(path = "junit.xml")]
pub struct Junit {
    name: String,
    suites: Vec<Suite>,
}

/// A suite.
pub struct Suite {
    name: String,
    /// Names and values; a title is one of them.
    properties: Vec<(String, String)>,
    cases: Vec<Case>,
}

/// A case. Without failures, errors and a reason to skip it, it passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// What it is called.
    pub name: String,
    /// Why it failed.
    pub failures: Vec<Failure>,
    /// Why it could not be judged.
    pub errors: Vec<Failure>,
    /// Why it does not count.
    pub skipped: Option<String>,
    /// What else is said of it.
    pub noted: Vec<String>,
}

/// Why a case failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// Id.
    pub kind: String,
    /// In one line.
    pub message: String,
    /// At length; may be empty.
    pub text: String,
}

impl Junit {
    /// A report of this name.
    pub fn new(name: impl Into<String>, suites: Vec<Suite>) -> Self {
        Self {
            name: name.into(),
            suites,
        }
    }

    /// As XML, with a line's end.
    pub fn text(&self) -> Result<String, askama::Error> {
        Ok(self.render()? + "\n")
    }

    fn tests(&self) -> usize {
        self.suites.iter().map(|suite| suite.cases.len()).sum()
    }
    fn failures(&self) -> usize {
        self.suites.iter().map(Suite::failures).sum()
    }
    fn errors(&self) -> usize {
        self.suites.iter().map(Suite::errors).sum()
    }
}

impl Suite {
    /// A suite; a title may be empty. What XML cannot carry is taken out of everything.
    pub fn new(name: &str, title: &str, cases: Vec<Case>) -> Self {
        let suite = Self {
            name: safe(name),
            properties: Vec::new(),
            cases: cases.into_iter().map(Case::safe).collect(),
        };
        match title {
            "" => suite,
            title => suite.property("title", title),
        }
    }

    /// The suite with one more property: what was tested, and by what.
    #[must_use]
    pub fn property(mut self, name: &str, value: &str) -> Self {
        self.properties.push((safe(name), safe(value)));
        self
    }

    fn count(&self, is: impl Fn(&Case) -> bool) -> usize {
        self.cases.iter().filter(|case| is(case)).count()
    }
    fn failures(&self) -> usize {
        self.count(|case| !case.failures.is_empty())
    }
    fn errors(&self) -> usize {
        self.count(|case| !case.errors.is_empty())
    }
    fn skipped(&self) -> usize {
        self.count(|case| case.skipped.is_some())
    }
}

impl Case {
    /// Whether its name is all there is.
    fn says_nothing(&self) -> bool {
        let told = self.failures.is_empty() && self.errors.is_empty() && self.noted.is_empty();
        told && self.skipped.is_none()
    }

    fn safe(self) -> Self {
        let failures = |all: Vec<Failure>| {
            let all = all.into_iter().map(|failure| Failure {
                kind: safe(&failure.kind),
                message: safe(&failure.message),
                text: safe(&failure.text),
            });
            all.collect()
        };
        Self {
            name: safe(&self.name),
            failures: failures(self.failures),
            errors: failures(self.errors),
            skipped: self.skipped.map(|why| safe(&why)),
            noted: self.noted.iter().map(|said| safe(said)).collect(),
        }
    }
}

/// Without the characters that XML 1.0 cannot carry (§2.2); the rest is escaped by the template.
fn safe(text: &str) -> String {
    let carried = |letter: &char| {
        (!letter.is_control() || *letter == '\n' || *letter == '\t')
            && !matches!(letter, '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars().filter(carried).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_of_cases_and_nothing_breaks_out() {
        let failure = |text: &str| Failure {
            kind: "x::y".to_owned(),
            message: "<\"&\u{0}\u{FFFE}>".to_owned(),
            text: text.to_owned(),
        };
        let case = |name: &str| Case {
            name: name.to_owned(),
            ..Case::default()
        };
        let cases = vec![
            case("good"),
            Case {
                failures: vec![failure(""), failure("long")],
                noted: vec!["a".to_owned()],
                ..case("bad")
            },
            Case {
                errors: vec![failure("")],
                ..case("broken")
            },
            Case {
                skipped: Some("known".to_owned()),
                ..case("known")
            },
        ];
        let text = Junit::new("n", vec![Suite::new("s", "", cases)])
            .text()
            .unwrap();
        assert!(!text.contains("<properties>"));
        assert!(text.contains("<testsuites name=\"n\" tests=\"4\" failures=\"1\" errors=\"1\">"));
        assert!(
            text.contains("tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\""),
            "{text}"
        );
        assert!(
            text.contains("message=\"&#60;&#34;&#38;&#62;\"/>"),
            "{text}"
        );
        assert!(text.contains("name=\"good\"/>\n    <testcase classname=\"s\" name=\"bad\">\n"));
        assert_eq!(text.matches("</testcase>").count(), 3, "{text}");
        assert!(text.contains(">long</failure>") && text.ends_with("</testsuites>\n"));
    }

    #[test]
    fn a_title_is_the_first_property() {
        let suite = Suite::new("s", "t", Vec::new()).property("level", "\"\u{0}3<");
        let text = Junit::new("n", vec![suite]).text().unwrap();
        let properties = "    <properties>\n      <property name=\"title\" value=\"t\"/>\n      \
                          <property name=\"level\" value=\"&#34;3&#60;\"/>\n    </properties>\n";
        assert!(text.contains(properties), "{text}");
    }
}
