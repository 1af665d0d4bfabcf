//! What an invented party does with a logout.

use crate::saml::Binding;
use serde::{Deserialize, Serialize};

/// What an invented identity provider or demo system does with single logout. `logout = "…"` in its section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutHabit {
    /// By HTTP-Redirect and HTTP-POST, and it answers.
    #[default]
    Answers,
    /// It logs the user out and leaves the browser on a page of its own.
    NeverAnswers,
    /// It answers that it could not (`Responder`), and the user stays logged in.
    AnswersError,
    /// HTTP-POST is all that its metadata offers.
    PostOnly,
    /// SOAP is all that its metadata offers.
    SoapOnly,
    /// It answers to the address for requests, whatever ResponseLocation says.
    AnswersAtRequestAddress,
    /// Its metadata names no SingleLogoutService.
    NotOffered,
}

/// Its words in a file.
pub(in crate::config) const WORDS: &[&str] = &[
    "answers",
    "never-answers",
    "answers-error",
    "post-only",
    "soap-only",
    "answers-at-request-address",
    "not-offered",
];

impl LogoutHabit {
    /// Whether its metadata offers this binding.
    pub fn offers(self, binding: Binding) -> bool {
        match self {
            Self::NotOffered => false,
            Self::PostOnly => binding == Binding::Post,
            Self::SoapOnly => binding == Binding::Soap,
            _ => binding != Binding::Soap,
        }
    }

    /// The binding that it prefers; none where it has no part in single logout.
    pub fn binding(self) -> Option<Binding> {
        let mut preferred = [Binding::Redirect, Binding::Post, Binding::Soap].into_iter();
        preferred.find(|binding| self.offers(*binding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_habit_and_every_habit_has_a_word() {
        let read = |word: &&str| toml::Value::String((*word).to_owned()).try_into::<LogoutHabit>();
        let all: Vec<LogoutHabit> = WORDS.iter().map(|word| read(word).expect(word)).collect();
        let bindings: Vec<_> = all.iter().map(|habit| habit.binding()).collect();
        use Binding::{Post, Redirect, Soap};
        assert_eq!(
            bindings,
            [
                Some(Redirect),
                Some(Redirect),
                Some(Redirect),
                Some(Post),
                Some(Soap),
                Some(Redirect),
                None
            ]
        );
        assert_eq!(LogoutHabit::default(), all[0]);
        // A new habit must get a word: this match does not compile without it.
        let known = |habit: &LogoutHabit| match habit {
            LogoutHabit::Answers => 0,
            LogoutHabit::NeverAnswers => 1,
            LogoutHabit::AnswersError => 2,
            LogoutHabit::PostOnly => 3,
            LogoutHabit::SoapOnly => 4,
            LogoutHabit::AnswersAtRequestAddress => 5,
            LogoutHabit::NotOffered => 6,
        };
        let places: Vec<usize> = all.iter().map(known).collect();
        assert_eq!(places, (0..WORDS.len()).collect::<Vec<_>>());
    }
}
