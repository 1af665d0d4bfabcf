//! What stands in the Dockerfile, in docs/ci.md and in the examples for CI: the program knows its variables and commands,
//! and does what is said of them. Whether the image works is for tests/container/run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

const DOCKERFILE: &str = include_str!("../Dockerfile");
const DOCS: &str = include_str!("../docs/ci.md");
const EXAMPLES: [(&str, &str); 4] = [
    ("github.yml", include_str!("../examples/ci/github.yml")),
    (
        "gitlab-ci.yml",
        include_str!("../examples/ci/gitlab-ci.yml"),
    ),
    (
        "azure-pipelines.yml",
        include_str!("../examples/ci/azure-pipelines.yml"),
    ),
    (
        "testcontainers.test.mjs",
        include_str!("../examples/ci/testcontainers.test.mjs"),
    ),
];

const TEST_SYSTEM: &str = "test-system";
fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vejviser"));
    // What this machine happens to have set is not what is tested.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VEJVISER_") {
            program.env_remove(name);
        }
    }
    program
}

fn help(command: &[String]) -> String {
    let output = program().args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every command, those below it too, and the variables that it reads.
fn commands() -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(command) = open.pop() {
        let text = help(&command);
        let below = text.split("\nCommands:\n").nth(1).unwrap_or_default();
        for line in below.lines().take_while(|line| line.starts_with(' ')) {
            // What goes on from the line above stands further to the right.
            let name = line
                .strip_prefix("  ")
                .filter(|rest| !rest.starts_with(' '));
            let name = name.and_then(|rest| rest.split_whitespace().next());
            if let Some(name) = name {
                open.push(command.iter().cloned().chain([name.to_owned()]).collect());
            }
        }
        found.insert(command, variables(&text));
    }
    found
}

/// `VEJVISER_…`, wherever it stands in a text.
fn variables(text: &str) -> BTreeSet<String> {
    let after = text.split("VEJVISER_").skip(1);
    let name = |rest: &str| -> String {
        let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_');
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    after.map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_variable_is_read_by_a_command() {
    let commands = commands();
    assert!(commands.len() > 20, "{:?}", commands.keys());
    let known: BTreeSet<String> = commands.values().flatten().cloned().collect();
    let texts = [("Dockerfile", DOCKERFILE), ("docs/ci.md", DOCS)];
    for (file, text) in texts.into_iter().chain(EXAMPLES) {
        let named = variables(text);
        assert!(!named.is_empty(), "{file}");
        let unknown: Vec<&String> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

/// The lines that a shell reads: of the examples, and of the blocks in the page.
fn shell_lines() -> Vec<(&'static str, String)> {
    let blocks = DOCS.split("\n```sh\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("\n```").next());
    let docs = blocks.flat_map(str::lines).map(|line| ("docs/ci.md", line));
    let examples = EXAMPLES
        .into_iter()
        .filter(|(file, _)| file.ends_with(".yml"));
    let examples = examples.flat_map(|(file, text)| text.lines().map(move |line| (file, line)));
    let bare = |line: &str| line.split('#').next().unwrap_or_default().to_owned();
    docs.chain(examples)
        .map(|(file, line)| (file, bare(line)))
        .collect()
}

#[test]
fn every_command_exists() {
    let commands: BTreeSet<String> = commands()
        .into_keys()
        .filter_map(|command| command.into_iter().next())
        .collect();
    let mut named = BTreeSet::new();
    for (file, line) in shell_lines() {
        for rest in line.split("vejviser").skip(1) {
            // The program's name in quotes or bare, then a blank, then the command.
            let rest = rest.trim_start_matches(['"', '\'']);
            let Some(rest) = rest.strip_prefix(' ') else {
                continue;
            };
            let word: String = rest
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '-')
                .collect();
            if word.is_empty() || word.starts_with('-') {
                continue;
            }
            assert!(commands.contains(&word), "{file}: vejviser {word}");
            named.insert(word);
        }
    }
    for command in ["flows", TEST_SYSTEM] {
        assert!(named.contains(command), "{named:?}");
    }
}

#[test]
fn the_dockerfile_has_the_programs_version_and_port() {
    let label = format!(
        "org.opencontainers.image.version=\"{}\"",
        env!("CARGO_PKG_VERSION")
    );
    assert!(DOCKERFILE.contains(&label), "{label}");
    let help = help(&["demo".to_owned()]);
    let port = DOCKERFILE
        .lines()
        .find_map(|line| line.strip_prefix("EXPOSE "))
        .expect("EXPOSE");
    assert!(help.contains(&format!("[default: 127.0.0.1:{port}]")));
    assert!(DOCKERFILE.contains(&format!("VEJVISER_LISTEN=0.0.0.0:{port} ")));
}

#[test]
fn the_pages_links_lead_somewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let targets = DOCS.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split([')', '#']).next());
    let mut count = 0;
    for target in targets.filter(|target| !target.is_empty() && !target.starts_with("http")) {
        assert!(folder.join(target).exists(), "docs/ci.md links to {target}");
        count += 1;
    }
    assert!(count >= EXAMPLES.len(), "{count}");
}

/// Several reports by one variable, as the examples have it.
#[test]
fn one_variable_names_several_reports() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-variable");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let output = program()
        .arg(TEST_SYSTEM)
        .env("VEJVISER_DEMO", "1")
        .env("VEJVISER_LISTEN", "127.0.0.1:0")
        .env("VEJVISER_ONLY", "SP-M-001")
        .env("VEJVISER_OUTPUT", "junit=login.xml,html=login.html")
        .current_dir(&folder)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    for file in ["login.xml", "login.html"] {
        assert!(folder.join(file).exists(), "{file}: {told}");
    }
}

/// `serve` with its management beyond loopback, in a container: everything by environment, and the health check reads the
/// same environment.
#[test]
fn the_health_check_reads_what_the_hub_reads() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("health");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let keys = program()
        .args([
            "certs",
            "new",
            "--organisation",
            "Prøve",
            "--name",
            "hub",
            "--out",
            ".",
        ])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(keys.status.success(), "{keys:?}");
    let federation = "[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n";
    std::fs::write(folder.join("federation.toml"), federation).unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let environment = [
        ("VEJVISER_CONFIG", "federation.toml".to_owned()),
        ("VEJVISER_STORE", "memory".to_owned()),
        ("VEJVISER_LISTEN", "127.0.0.1:0".to_owned()),
        ("VEJVISER_MANAGE", format!("0.0.0.0:{port}")),
        ("VEJVISER_MANAGE_TLS", "1".to_owned()),
        ("VEJVISER_READY_JSON", "1".to_owned()),
    ];
    let mut hub = program()
        .arg("serve")
        .envs(environment.clone())
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    let mut lines = BufReader::new(hub.stdout.take().unwrap());
    let told = lines.read_line(&mut ready);
    let well = program().arg("healthcheck").envs(environment).output();
    let plain = program()
        .arg("healthcheck")
        .env("VEJVISER_MANAGE", format!("0.0.0.0:{port}"))
        .output();
    let _ = hub.kill();
    let ended = hub.wait_with_output().unwrap();
    assert!(told.is_ok() && !ready.is_empty(), "{ended:?}");
    let well = well.unwrap();
    assert_eq!(well.status.code(), Some(0), "{well:?}");
    assert_ne!(plain.unwrap().status.code(), Some(0));
}
