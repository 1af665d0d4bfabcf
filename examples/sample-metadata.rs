//! Makes `metadata/idp/*.xml` and `metadata/system/*.xml` anew: the signed metadata of the sample federation's
//! identity providers and systems at the demo's default addresses.
//!
//! `cargo run --example sample-metadata`

use std::path::Path;
use vejviser::config;
use vejviser::persona::{Addresses, Cast};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = config::parse(Path::new("federation.toml"), config::SAMPLE)
        .map_err(|problems| config::render::text(&problems, config::SAMPLE))?;
    let addresses = Addresses::new("http://hub.localhost:7878")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
    for folder in ["idp", "system"] {
        // Who has left the federation leaves no file behind.
        match std::fs::remove_dir_all(root.join(folder)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => std::fs::create_dir_all(root.join(folder))?,
        }
    }
    for (name, content) in Cast::new(&file, &addresses)?.files() {
        std::fs::write(root.join(&name), content)?;
        println!("metadata/{name}");
    }
    Ok(())
}
