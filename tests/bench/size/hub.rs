//! A hub that runs, and what it takes.

use crate::support::served::Folder;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::time::Instant;

/// `vejviser serve` on a folder.
pub struct Running {
    child: Child,
    /// From its start until it answers.
    pub ready_ms: f64,
    /// Host and port of the public listener.
    pub host: String,
    /// Its public address.
    pub url: String,
}

impl Running {
    pub fn start(folder: &Folder) -> Self {
        let began = Instant::now();
        let mut child = folder.spawn();
        let mut line = String::new();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let ready_ms = began.elapsed().as_secs_f64() * 1e3;
        let ready: Value = serde_json::from_str(&line).expect("serve says that it is ready");
        let url = ready["public_url"].as_str().unwrap().to_owned();
        let (_, host) = url.split_once("://").unwrap();
        Self {
            host: host.to_owned(),
            child,
            ready_ms,
            url,
        }
    }

    /// What all of its threads have used so far, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let used = tasks.filter_map(|task| {
            let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<f64>().ok()
        });
        used.sum::<f64>() / 1e3
    }

    /// What it has in memory, in 10⁶ bytes.
    pub fn memory_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        kib.unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
