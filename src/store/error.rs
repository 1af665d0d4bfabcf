//! Why a store does not answer, in words that say what to do.

use std::fmt;
use std::path::PathBuf;

/// The store cannot answer. Whoever gets this refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// What is stored is not what the caller had read: another pending login has the same flow, `replaces` is
    /// not what is stored, or the records have another revision.
    Conflict,
    /// No room: the store is bounded, and does not forget what it must remember.
    Full,
    /// One text is longer than [`super::records::MAX_BODY`].
    TooLarge {
        /// Its kind.
        kind: String,
        /// Its id.
        id: String,
    },
    /// The store cannot be reached.
    Unavailable(String),
    /// The store's file cannot be used.
    Unusable(Unusable),
}

/// A file that is no store, or cannot be one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a store's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The directory that it should lie in is not there.
    NoDirectory,
    /// Something that is no ordinary file has its name.
    NoFile,
    /// It may not be read and written.
    Forbidden,
    /// Another process has it open.
    Taken,
    /// It is no database at all.
    NoDatabase,
    /// It is a database of another program.
    Foreign,
    /// A newer version of Vejviser has written it.
    Newer {
        /// The version of its tables.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It is a store of ours, and broken: the database's own words.
    Damaged(String),
    /// There is no room on the disk.
    NoRoom,
    /// Reading or writing failed: the system's words.
    Failed(String),
}

impl Unusable {
    /// What is wrong and what to do, in Danish.
    pub fn da(&self) -> String {
        let does = match &self.why {
            Why::NoDirectory => "kan ikke oprettes: mappen findes ikke. Opret den, eller ret stien".to_owned(),
            Why::NoFile => "er ikke en almindelig fil. Angiv en fil, eller et navn der er ledigt".to_owned(),
            Why::Forbidden => "må ikke læses og skrives. Giv den bruger, som Vejviser kører som, ret til filen og dens mappe".to_owned(),
            Why::Taken => "bruges af en anden proces. Kun én Vejviser ad gangen må have filen: stop den anden, eller angiv en anden fil".to_owned(),
            Why::NoDatabase => "er ikke et lager fra Vejviser (ikke en SQLite-database). Angiv en anden fil; denne er ikke rørt".to_owned(),
            Why::Foreign => "er et andet programs database. Angiv en anden fil; denne er ikke rørt".to_owned(),
            Why::Newer { found, known } => format!("er skrevet af en nyere Vejviser (version {found}, denne kender til og med {known}). Kør den nyere, eller læg en sikkerhedskopi tilbage"),
            Why::Damaged(said) => format!("er beskadiget og bruges derfor slet ikke ({said}). Læg en sikkerhedskopi tilbage, eller flyt filen væk og begynd forfra"),
            Why::NoRoom => "kan ikke skrives: disken er fuld. Skaf plads, og prøv igen".to_owned(),
            Why::Failed(said) => format!("kan ikke læses eller skrives ({said}). Se efter disken og filens rettigheder"),
        };
        format!("Filen {} {does}.", self.file.display())
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        let does = match &self.why {
            Why::NoDirectory => "cannot be made: its directory is not there. Make it, or correct the path".to_owned(),
            Why::NoFile => "is not an ordinary file. Name a file, or a name that is free".to_owned(),
            Why::Forbidden => "may not be read and written. Let the user that Vejviser runs as do so with the file and its directory".to_owned(),
            Why::Taken => "is in use by another process. Only one Vejviser at a time may have it: stop the other, or name another file".to_owned(),
            Why::NoDatabase => "is no store of Vejviser's (not an SQLite database). Name another file; this one was not touched".to_owned(),
            Why::Foreign => "is another program's database. Name another file; this one was not touched".to_owned(),
            Why::Newer { found, known } => format!("was written by a newer Vejviser (version {found}, this one knows up to {known}). Run the newer one, or put a backup back"),
            Why::Damaged(said) => format!("is damaged, so nothing of it is used ({said}). Put a backup back, or move the file away and begin anew"),
            Why::NoRoom => "cannot be written: the disk is full. Make room, and try again".to_owned(),
            Why::Failed(said) => format!("cannot be read or written ({said}). Look at the disk and the file's permissions"),
        };
        format!("The file {} {does}.", self.file.display())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => write!(f, "somebody else has changed it since it was read"),
            Self::Full => write!(f, "the store is full"),
            Self::TooLarge { kind, id } => write!(f, "{kind} {id} is too large for the store"),
            Self::Unavailable(why) => write!(f, "the store cannot be reached: {why}"),
            Self::Unusable(unusable) => write!(f, "{unusable}"),
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for StoreError {}
impl std::error::Error for Unusable {}

impl From<Unusable> for StoreError {
    fn from(unusable: Unusable) -> Self {
        Self::Unusable(unusable)
    }
}
