//! How each case is done: what is asked of the hub, and what the browser does with it.

use super::Case;
use crate::hub::fault::Fault;
use crate::hub::keys::{Generation, KeyState, Shows};

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recipe {
    /// The good login itself.
    Good,
    /// A login whose answer has this fault.
    Answer(Fault),
    /// A login where a fresh one was asked for, with this fault.
    Fresh(Fault),
    /// A login under these keys of the hub; `fetched` where the system has fetched the metadata before.
    Keys { state: KeyState, fetched: bool },
    /// What a browser does with a good answer.
    Browser(Doing),
    /// Logging out.
    Logout(Leaving),
    /// Looking at what the system sent, or at its metadata.
    Look(At),
}

/// What a browser does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    LogsInAgain,
    DeliversTwice,
    DeliversOthers,
    KeepsSameSite,
    KeepsSameSiteSlowly,
    TwoTabs,
    GoesBack,
    ShowsCookies,
    KeepsOldCookies,
    RelayStateOfAttacker,
    RelayStateOfMarkup,
    BringsJunk,
    BringsNothing,
}

/// How a user leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    Button,
    ButtonWithOldCookies,
    Hub,
    Nobody,
    Stranger,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Errors,
    Warnings,
    Request,
    Ids,
    RelayState,
}

impl Recipe {
    /// The recipe of a case.
    pub(super) fn of(case: Case) -> Self {
        use Recipe::{Answer, Browser, Fresh, Logout, Look};
        match case {
            Case::GoodLogin => Self::Good,
            Case::LevelAbove => Answer(Fault::LevelAbove),
            Case::EncryptionSha256 => Answer(Fault::EncryptionSha256),
            Case::EncryptionMgf1p => Answer(Fault::EncryptionMgf1p),
            Case::ResponseSignedToo => Answer(Fault::ResponseSignedToo),
            Case::NoKeyInfo => Answer(Fault::NoKeyInfo),
            Case::OtherPrefixes => Answer(Fault::OtherPrefixes),
            Case::Indented => Answer(Fault::Indented),
            Case::OtherOrder => Answer(Fault::OtherOrder),
            Case::DanishLetters => Answer(Fault::DanishLetters),
            Case::BlanksInNameId => Answer(Fault::BlanksInNameId),
            Case::FractionsOfSeconds => Answer(Fault::FractionsOfSeconds),
            Case::AudienceAmongOthers => Answer(Fault::AudienceAmongOthers),
            Case::SecondConfirmation => Answer(Fault::SecondConfirmation),
            Case::SeveralRoles => Answer(Fault::SeveralRoles),
            Case::NoRoles => Answer(Fault::NoRoles),
            Case::FewAttributes => Answer(Fault::FewAttributes),
            Case::ClockAhead => Answer(Fault::ClockAhead),
            Case::AgainWithSession => Browser(Doing::LogsInAgain),
            Case::SessionEndStated => Answer(Fault::SessionEndStated),
            Case::LevelBelow => Answer(Fault::LevelBelow),
            Case::LevelMissing => Answer(Fault::LevelMissing),
            Case::LevelContradictory => Answer(Fault::LevelContradictory),
            Case::LevelOnlyInClass => Answer(Fault::LevelOnlyInClass),
            Case::LevelUnknown => Answer(Fault::LevelUnknown),
            Case::LevelOfOtherScale => Answer(Fault::LevelOfOtherScale),
            Case::LevelUnsigned => Answer(Fault::LevelUnsigned),
            Case::StaleSession => Fresh(Fault::StaleSession),
            Case::Unsigned => Answer(Fault::Unsigned),
            Case::UnsignedPlain => Answer(Fault::UnsignedPlain),
            Case::ChangedAfterSigning => Answer(Fault::ChangedAfterSigning),
            Case::ChangedWithDigest => Answer(Fault::ChangedWithDigest),
            Case::EmptySignature => Answer(Fault::EmptySignature),
            Case::OtherKey => Answer(Fault::OtherKey),
            Case::OtherKeyShown => Answer(Fault::OtherKeyShown),
            Case::OtherKeyPosing => Answer(Fault::OtherKeyPosing),
            Case::OtherKeyOfSameCa => Answer(Fault::OtherKeyOfSameCa),
            Case::Sha1Signature => Answer(Fault::Sha1Signature),
            Case::HmacSignature => Answer(Fault::HmacSignature),
            Case::OnlyResponseSigned => Answer(Fault::OnlyResponseSigned),
            Case::BadResponseSignature => Answer(Fault::BadResponseSignature),
            Case::ForgedBefore => Answer(Fault::ForgedBefore),
            Case::ForgedAfter => Answer(Fault::ForgedAfter),
            Case::OriginalInside => Answer(Fault::OriginalInside),
            Case::OriginalInObject => Answer(Fault::OriginalInObject),
            Case::ForgedInExtensions => Answer(Fault::ForgedInExtensions),
            Case::OriginalInStatusDetail => Answer(Fault::OriginalInStatusDetail),
            Case::SameIdTwice => Answer(Fault::SameIdTwice),
            Case::PlainBesideEncrypted => Answer(Fault::PlainBesideEncrypted),
            Case::PlainInsteadOfEncrypted => Answer(Fault::PlainInsteadOfEncrypted),
            Case::Doctype => Answer(Fault::Doctype),
            Case::Expired => Answer(Fault::Expired),
            Case::ConfirmationExpired => Answer(Fault::ConfirmationExpired),
            Case::NotYetValid => Answer(Fault::NotYetValid),
            Case::AudienceOther => Answer(Fault::AudienceOther),
            Case::AudienceMissing => Answer(Fault::AudienceMissing),
            Case::AudienceTwice => Answer(Fault::AudienceTwice),
            Case::RecipientOther => Answer(Fault::RecipientOther),
            Case::RecipientMissing => Answer(Fault::RecipientMissing),
            Case::RecipientLookalike => Answer(Fault::RecipientLookalike),
            Case::DestinationOther => Answer(Fault::DestinationOther),
            Case::InResponseToUnknown => Answer(Fault::InResponseToUnknown),
            Case::Unsolicited => Answer(Fault::Unsolicited),
            Case::ConfirmationInResponseTo => Answer(Fault::ConfirmationInResponseTo),
            Case::IssuerOther => Answer(Fault::IssuerOther),
            Case::ResponseIssuerOther => Answer(Fault::ResponseIssuerOther),
            Case::HolderOfKey => Answer(Fault::HolderOfKey),
            Case::NoConfirmation => Answer(Fault::NoConfirmation),
            Case::StatusRefusedWithAssertion => Answer(Fault::StatusRefusedWithAssertion),
            Case::OtherVersion => Answer(Fault::OtherVersion),
            Case::UnknownCondition => Answer(Fault::UnknownCondition),
            Case::NoAuthnStatement => Answer(Fault::NoAuthnStatement),
            Case::SessionEnded => Answer(Fault::SessionEnded),
            Case::NoNameId => Answer(Fault::NoNameId),
            Case::NoConditions => Answer(Fault::NoConditions),
            Case::ReplaySameBrowser => Browser(Doing::DeliversTwice),
            Case::OtherBrowser => Browser(Doing::DeliversOthers),
            Case::NextKeyEarly => keys(Generation::Next, &[Generation::Active], false),
            Case::NextKeyAnnounced => keys(Generation::Next, &BOTH, true),
            Case::OldKeyStillThere => keys(Generation::Active, &BOTH, true),
            Case::OldKeyRemoved => keys(Generation::Active, &[Generation::Next], true),
            Case::RefusedLevel => Answer(Fault::RefusedLevel),
            Case::RefusedCancelled => Answer(Fault::RefusedCancelled),
            Case::Unreadable => Browser(Doing::BringsJunk),
            Case::NoMessage => Browser(Doing::BringsNothing),
            Case::CrossSitePost => Browser(Doing::KeepsSameSite),
            Case::SlowLogin => Browser(Doing::KeepsSameSiteSlowly),
            Case::SecondTab => Browser(Doing::TwoTabs),
            Case::BackButton => Browser(Doing::GoesBack),
            Case::CookieFlags => Browser(Doing::ShowsCookies),
            Case::SessionFixation => Browser(Doing::KeepsOldCookies),
            Case::RelayStateRedirect => Browser(Doing::RelayStateOfAttacker),
            Case::RelayStateMarkup => Browser(Doing::RelayStateOfMarkup),
            Case::LogoutEnds => Logout(Leaving::Button),
            Case::LogoutEndsOnServer => Logout(Leaving::ButtonWithOldCookies),
            Case::LogoutByHub => Logout(Leaving::Hub),
            Case::LogoutUnsigned => Logout(Leaving::Nobody),
            Case::LogoutForged => Logout(Leaving::Stranger),
            Case::MetadataAccepted => Look(At::Errors),
            Case::MetadataNoTrouble => Look(At::Warnings),
            Case::RequestAccepted => Look(At::Request),
            Case::RequestIdsFresh => Look(At::Ids),
            Case::RelayStateShort => Look(At::RelayState),
        }
    }

    /// Whether it comes after all others: what a system holds of the hub is changed by it.
    pub(super) fn comes_last(&self) -> bool {
        matches!(self, Self::Keys { .. } | Self::Look(_))
    }
}

/// Some libraries read the first certificate of metadata only, some the last: the one or the other of the two cases is theirs.
const BOTH: [Generation; 2] = [Generation::Active, Generation::Next];

fn keys(signs: Generation, shows: &[Generation], fetched: bool) -> Recipe {
    let state = KeyState {
        signs,
        decrypts: vec![Generation::Active],
        shows: Shows {
            signing: shows.to_vec(),
            encryption: shows.to_vec(),
            without_use: false,
        },
    };
    Recipe::Keys { state, fetched }
}
