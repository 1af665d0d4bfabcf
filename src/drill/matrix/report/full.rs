//! Every cell: each system at each IdP in each of the six profiles, one at a time, so that nobody holds a million of them.

use crate::drill::matrix::grid::position;
use crate::drill::matrix::{Cell, Matrix};
use crate::edge::page::csv::danish_row;
use crate::hub::question::requester;
use crate::hub::{IdentityProvider, UserFacingSystem};
use crate::oiosaml::RequestProfile;
use crate::saml::Comparison;
use serde::Serialize;
use std::io::{self, Write};

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `{"cells":[…]}`
    Json,
    /// A row for each cell.
    Csv,
}

#[derive(Serialize)]
struct Row<'a> {
    system: &'a str,
    idp: &'a str,
    profile: &'static str,
    registered: bool,
    required: String,
    generation: u8,
    class_ref: Option<&'a str>,
    comparison: Option<&'static str>,
    relay_state: Option<&'a str>,
    requester_id: Option<&'a str>,
    refused: Option<&'static str>,
    standing: &'static str,
}

/// Writes all of them.
pub fn full(matrix: &Matrix<'_>, form: Form, out: &mut impl Write) -> io::Result<()> {
    match form {
        Form::Json => out.write_all(b"{\"cells\":[")?,
        Form::Csv => {
            let headings = "system;idp;profile;registered;required;generation;class_ref;comparison;relay_state;requester_id;refused;standing";
            out.write_all(danish_row(headings.split(';')).as_bytes())?;
        }
    }
    let mut first = true;
    for (n, need) in matrix.grid.needs.iter().enumerate() {
        for system in &need.systems {
            for (i, group) in matrix.grid.idps.iter().enumerate() {
                let Some(cells) = matrix.grid.cells(n, i) else {
                    continue;
                };
                for idp in &group.idps {
                    for profile in RequestProfile::ALL {
                        let Some(cell) = cells.get(position(profile)) else {
                            continue;
                        };
                        // Equal needs ask alike; only the system's name is its own.
                        let own = requester(matrix.settings, &system.id, Some(system));
                        let row = row(system, idp, profile, need.enforced, cell, &own);
                        write(out, form, &row, first)?;
                        first = false;
                    }
                }
            }
        }
    }
    match form {
        Form::Json => out.write_all(b"]}\n"),
        Form::Csv => Ok(()),
    }
}

fn row<'a>(
    system: &'a UserFacingSystem,
    idp: &'a IdentityProvider,
    profile: RequestProfile,
    enforced: bool,
    cell: &'a Cell,
    own: &'a str,
) -> Row<'a> {
    let sent = cell.sent.as_ref();
    Row {
        system: &system.name,
        idp: &idp.name,
        profile: profile.as_str(),
        registered: idp.oiosaml_profile == profile,
        required: system.required_level.to_string(),
        generation: if enforced { 2 } else { 1 },
        class_ref: sent.ok().and_then(|sent| sent.class_ref.as_deref()),
        comparison: sent
            .ok()
            .and_then(|sent| sent.comparison.map(Comparison::as_str)),
        relay_state: sent.ok().map(|sent| sent.relay_state.as_str()),
        requester_id: sent
            .ok()
            .and_then(|sent| sent.requester_id.as_ref())
            .map(|_| own),
        refused: sent.err().map(|check| check.info().id),
        standing: cell.standing.word(),
    }
}

fn write(out: &mut impl Write, form: Form, row: &Row<'_>, first: bool) -> io::Result<()> {
    match form {
        Form::Json => {
            out.write_all(if first { b"\n" } else { b",\n" })?;
            serde_json::to_writer(out, row)?;
            Ok(())
        }
        Form::Csv => {
            let generation = row.generation.to_string();
            let fields = [
                row.system,
                row.idp,
                row.profile,
                if row.registered { "1" } else { "0" },
                &row.required,
                &generation,
                row.class_ref.unwrap_or_default(),
                row.comparison.unwrap_or_default(),
                row.relay_state.unwrap_or_default(),
                row.requester_id.unwrap_or_default(),
                row.refused.unwrap_or_default(),
                row.standing,
            ];
            out.write_all(danish_row(fields).as_bytes())
        }
    }
}
