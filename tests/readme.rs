//! What README says is true: its configuration is read, its commands exist, its table is what the program
//! does, its links lead somewhere.

use std::path::Path;
use std::process::Command;
use vejviser::config::{self, Nature, PersonaKind, Trait};
use vejviser::oiosaml::request_profile::{ClassRef, MultipleAuthnFrom};
use vejviser::oiosaml::{Level, Nist, Nsis, RequestProfile};

const README: &str = include_str!("../README.md");

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        if let Some(found) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if found == language {
                blocks.push(block.join("\n"));
            }
        }
    }
    blocks
}

#[test]
fn its_configuration_is_read() {
    let blocks = blocks("toml");
    assert!(blocks.len() > 2);
    for block in blocks.iter().filter(|block| !is_plan(block)) {
        if let Err(problems) = config::parse(Path::new("README.md"), block) {
            panic!("{}", config::render::text(&problems, block));
        }
    }
}

/// A plan says on top how it is rehearsed.
fn is_plan(block: &str) -> bool {
    block.starts_with("# vejviser rehearse --plan")
}

#[test]
fn its_plan_is_rehearsed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme-plan");
    std::fs::create_dir_all(&folder).unwrap();
    let blocks = blocks("toml");
    let plan = blocks.iter().find(|block| is_plan(block)).expect("a plan");
    std::fs::write(folder.join("plan.toml"), plan).unwrap();
    // The certificate that it names: any that is valid by then.
    let next = include_bytes!("../certs/hub-next.pem");
    std::fs::write(folder.join("new_ADG_PROD_Adgangsstyring_3.cer"), next).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .args(["rehearse", "--plan", "plan.toml"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("onsdag 4. august 2027 kl. 06.00"), "{text}");
}

#[test]
fn its_commands_exist() {
    let shell = blocks("sh").join("\n");
    let after = |start: &'static str| {
        let lines = shell
            .lines()
            .filter_map(move |line| line.strip_prefix(start));
        lines.filter_map(|rest| rest.split_whitespace().next())
    };
    let named: Vec<&str> = after("cargo run --release -- ")
        .chain(after("target/release/vejviser "))
        .collect();
    assert!(
        named.contains(&"demo") && named.contains(&"serve") && named.contains(&"check"),
        "{named:?}"
    );
    for command in named {
        let help = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .args([command, "--help"])
            .output();
        assert!(
            help.is_ok_and(|help| help.status.success()),
            "README names `vejviser {command}`"
        );
    }
    assert!(shell.lines().any(|line| line == "cargo test"));
}

/// In the order in which they stand: what one writes the next may read.
#[test]
fn its_rehearsals_run() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let shell = blocks("sh").join("\n");
    let lines = shell
        .lines()
        .filter_map(|line| line.strip_prefix("target/release/vejviser rehearse"));
    let mut codes = Vec::new();
    for rest in lines {
        let output = Command::new("sh")
            .args([
                "-c",
                &format!("\"$0\" rehearse{rest}"),
                env!("CARGO_BIN_EXE_vejviser"),
            ])
            .current_dir(&folder)
            .output()
            .unwrap();
        codes.push((rest, output.status.code()));
    }
    assert!(codes.len() >= 7);
    // Somebody is down, but where the hub takes over the change of an IdP that shows both; nothing is worse than before.
    for (rest, code) in codes {
        let good = rest.contains("overlap") || rest.contains("--baseline");
        assert_eq!(code, Some(i32::from(!good)), "rehearse{rest}");
    }
    assert!(folder.join("rehearsal.html").exists() && folder.join("announcement").is_dir());
}

#[test]
fn its_profile_table_is_what_the_program_asks() {
    let needs = [Nist::One, Nist::Two, Nist::Three, Nist::Four].map(Level::Nist);
    let needs = needs
        .into_iter()
        .chain([Nsis::Low, Nsis::Substantial, Nsis::High].map(Level::Nsis));
    let needs: Vec<Level> = needs.collect();
    for profile in RequestProfile::ALL {
        let cells: Vec<String> = needs.iter().map(|need| cell(profile, *need)).collect();
        let row = format!("| `{}` | {} |", profile.as_str(), cells.join(" | "));
        assert!(
            README.lines().any(|line| line == row),
            "README has no line\n{row}"
        );
    }
}

fn cell(profile: RequestProfile, need: Level) -> String {
    if matches!(need, Level::Nsis(_)) && !profile.can_state_nsis() {
        return "refused".to_owned();
    }
    let ask = profile.ask(need, MultipleAuthnFrom::default());
    let asked = match ask.class_ref {
        ClassRef::Nothing => "nothing".to_owned(),
        ClassRef::MultipleAuthn => "multipleauthn".to_owned(),
        ClassRef::TheLevel => match ask.level {
            Level::Nist(level) => format!("NIST {}", level as u8),
            Level::Nsis(level) => Level::Nsis(level).to_string(),
        },
    };
    match ask.relay_state_level {
        Some(level) => format!("{asked}, {}", level.danish()),
        None => asked,
    }
}

/// One row a trait, in the order of the list, and nothing else.
#[test]
fn its_traits_are_those_of_the_list() {
    let rows: Vec<String> = Trait::ALL.iter().copied().map(row).collect();
    let (head, end) = (
        "| trait | what the IdP does | whose, or which check it trips |",
        "",
    );
    let found: Vec<&str> = README
        .lines()
        .skip_while(|line| *line != head)
        .skip(2)
        .take_while(|line| *line != end)
        .collect();
    assert_eq!(found, rows, "\n{}\n", rows.join("\n"));
    for kind in PersonaKind::ALL {
        assert!(
            README.contains(&format!("`{}`", kind.id())),
            "{}",
            kind.id()
        );
    }
}

fn row(one: Trait) -> String {
    let about = one.about();
    let whose = match about.nature {
        Nature::Vendor if about.kinds.len() == PersonaKind::ALL.len() => "all".to_owned(),
        Nature::Vendor => {
            let kinds = about.kinds.iter().map(|kind| format!("`{}`", kind.id()));
            kinds.collect::<Vec<_>>().join(", ")
        }
        Nature::Misbehaviour(Some(check)) => check.info().id.to_owned(),
        Nature::Misbehaviour(None) => "none".to_owned(),
    };
    format!("| `{}` | {} | {whose} |", about.id, about.en)
}

#[test]
fn its_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let targets = README
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    // As GitHub makes them of headings.
    let headings = README.lines().filter(|line| line.starts_with('#'));
    let anchors: Vec<String> = headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|title| title.replace(|c: char| !c.is_alphanumeric() && c != ' ' && c != '-', ""))
        .map(|title| title.replace(' ', "-"))
        .collect();
    for target in targets.filter(|target| !target.starts_with("http")) {
        if let Some(anchor) = target.strip_prefix('#') {
            assert!(
                anchors.iter().any(|known| known == anchor),
                "README links to #{anchor}"
            );
            continue;
        }
        assert!(root.join(target).exists(), "README links to {target}");
    }
}

/// Every setting about roles stands in the table, with its default first.
#[test]
fn the_settings_about_roles_are_those_of_the_program() {
    use vejviser::hub::roles::RoleSettings;
    let table = README
        .split("| setting | default | otherwise |")
        .nth(1)
        .expect("the table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let code = |cell: &str| cell.split('`').nth(1).map(str::to_owned);
    let mut names = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        let (name, default, other) = (
            code(cells[1]).unwrap(),
            code(cells[2]).unwrap(),
            code(cells[3]).unwrap(),
        );
        let value = |word: &str| match word {
            "true" | "false" => format!("{name} = {word}"),
            word => format!("{name} = \"{word}\""),
        };
        let read = |word: &str| toml::from_str::<RoleSettings>(&value(word)).unwrap();
        assert_eq!(read(&default), RoleSettings::default(), "{name}");
        assert_ne!(read(&other), RoleSettings::default(), "{name}");
        names.push(name);
    }
    // All of them: the type refuses a name that it does not know, and tells those that it does.
    let error = toml::from_str::<RoleSettings>("x = 1")
        .unwrap_err()
        .to_string();
    let known = error.matches('`').count() / 2 - 1;
    assert_eq!(names.len(), known, "{error}");
}

/// The example for suppliers is a test of ours, to the letter.
#[test]
fn its_rust_is_a_test() {
    const TEST: &str = include_str!("system_test/supplier.rs");
    let shown = TEST.split("// README shows this test.\n").nth(1);
    let shown = shown.and_then(|rest| rest.split("\n// README shows").next());
    let blocks = blocks("rust");
    assert_eq!(blocks.len(), 1);
    assert_eq!(Some(blocks[0].as_str()), shown);
}
