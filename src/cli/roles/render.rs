//! A story of roles, for people, scripts and spreadsheets.

use crate::cli::talk::plain;
use crate::edge::page::csv;
use crate::hub::roles::{GroupTold, Incoming, RoleRule, RoleTold, Told};
use crate::hub::trace::Source;
use serde::Serialize;
use serde_json::json;

/// Of whom it is told.
#[derive(Debug, Serialize)]
pub struct Of {
    /// entityID of the identity provider.
    pub idp: String,
    /// entityID of the system.
    pub system: String,
}

/// For scripts: the keys of a flow's `roles`, and of whom it is told.
pub fn in_json(of: &Of, told: &Told) -> String {
    let mut object = json!(told);
    object["idp"] = json!(of.idp);
    object["system"] = json!(of.system);
    format!("{object:#}\n")
}

/// For spreadsheets: a line for each role and mapping.
pub fn in_csv(told: &Told) -> String {
    let head = "group,scope,role,outcome,rule,about,mapping,issued_role,issued_constraints\r\n";
    let rows = told.groups.iter().flat_map(|group| {
        group.roles.iter().map(move |role| {
            let issued = role.issued.as_ref();
            let constraints = issued.map(|issued| listed(&issued.constraints));
            csv::row(&[
                group.number.to_string().as_str(),
                &group.scope,
                &role.role,
                role.outcome,
                role.rule.info().id,
                role.about.as_deref().unwrap_or_default(),
                role.mapping.as_deref().unwrap_or_default(),
                issued.map_or("", |issued| issued.role.as_str()),
                &constraints.unwrap_or_default(),
            ])
        })
    });
    std::iter::once(head.to_owned()).chain(rows).collect()
}

/// For people, in Danish and English.
pub fn human(of: &Of, told: &Told) -> String {
    let mut out = format!(
        "{} → {}\n{}\n",
        plain(&of.idp),
        plain(&of.system),
        sentence(told)
    );
    for group in &told.groups {
        out.push_str(&of_group(group));
    }
    for claim in &told.claims {
        let fate = json!(claim.fate);
        let fate = fate.as_str().unwrap_or_default();
        out.push_str(&format!("\n/Users {}: {fate}", plain(&claim.key)));
    }
    if !told.claims.is_empty() {
        out.push('\n');
    }
    out
}

fn sentence(told: &Told) -> String {
    match &told.incoming {
        Incoming::None => "IdP'en sender ingen jobfunktionsroller / the IdP sends no job function roles".to_owned(),
        Incoming::Ignored => "IdP'en er registreret uden KenderRoller, så dens roller bruges ikke / the IdP is registered without KenderRoller, so its roles are not used".to_owned(),
        Incoming::Empty => "listen er tom; en bruger uden roller skal slet ingen have / the list is empty; a user without roles must have none at all".to_owned(),
        Incoming::Unreadable { why } => format!("listen kan ikke læses / the list cannot be read: {}", plain(why)),
        Incoming::Read { groups, .. } => format!(
            "{groups} grupper ind, {issued} ud / {groups} groups in, {issued} out",
            issued = told.issued
        ),
    }
}

fn of_group(group: &GroupTold) -> String {
    let mut out = format!("\n{}. {}\n", group.number, plain(&group.scope));
    for constraint in &group.constraints {
        let note = match constraint.used {
            true => "",
            false => "   (bruges ikke her / not used here)",
        };
        let (name, value) = (plain(&constraint.name), plain(&constraint.value));
        out.push_str(&format!("     {name} = {value}{note}\n"));
    }
    for role in &group.roles {
        out.push_str(&of_role(role));
    }
    out
}

fn of_role(role: &RoleTold) -> String {
    let mut out = format!("   {}\n", plain(&role.role));
    match &role.issued {
        Some(issued) => {
            out.push_str(&format!("   → {}\n", plain(&issued.role)));
            for (name, value) in &issued.constraints {
                out.push_str(&format!("       {} = {}\n", plain(name), plain(value)));
            }
        }
        None => {
            let about = role
                .about
                .as_deref()
                .map(|about| format!(" «{}»", plain(about)));
            let about = about.unwrap_or_default();
            out.push_str(&format!(
                "   ✗ {}{about}\n     {}\n",
                role.what_da, role.what_en
            ));
            out.push_str(&format!(
                "     → {}\n       {}\n",
                role.remedy_da, role.remedy_en
            ));
        }
    }
    let mapping = role
        .mapping
        .as_deref()
        .map(|id| format!("; RoleMapping {}", plain(id)));
    let mapping = mapping.unwrap_or_default();
    out.push_str(&format!(
        "     [{}; {}{mapping}]\n",
        role.rule.info().id,
        source(role.source)
    ));
    out
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Observed => "set / observed",
        Source::Confirmed => "bekræftet / confirmed",
        Source::Inferred => "udledt / inferred",
        Source::Setting => "indstilling / setting",
    }
}

fn listed(constraints: &[(String, String)]) -> String {
    let listed = constraints
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    listed.collect::<Vec<_>>().join("; ")
}

/// The rules, for people.
pub fn rules_human() -> String {
    let rule = |rule: &RoleRule| {
        let info = rule.info();
        let remedy = match info.remedy.0.is_empty() {
            true => String::new(),
            false => format!("  → {}\n    {}\n", info.remedy.0, info.remedy.1),
        };
        format!(
            "{}  {}\n  {}\n  {}\n{remedy}\n",
            info.id,
            source(info.source),
            info.what.0,
            info.what.1
        )
    };
    RoleRule::ALL.iter().map(rule).collect()
}

/// The rules, for scripts.
pub fn rules_json() -> String {
    let rule = |rule: &RoleRule| {
        let info = rule.info();
        json!({
            "id": info.id,
            "source": info.source,
            "title_da": info.what.0,
            "title_en": info.what.1,
            "remedy_da": info.remedy.0,
            "remedy_en": info.remedy.1,
        })
    };
    let rules: Vec<_> = RoleRule::ALL.iter().map(rule).collect();
    format!("{:#}\n", json!({ "rules": rules }))
}

/// The rules, for spreadsheets.
pub fn rules_csv() -> String {
    let head = "id,source,title_da,title_en,remedy_da,remedy_en\r\n";
    let rule = |rule: &RoleRule| {
        let info = rule.info();
        let source = json!(info.source);
        csv::row(&[
            info.id,
            source.as_str().unwrap_or_default(),
            info.what.0,
            info.what.1,
            info.remedy.0,
            info.remedy.1,
        ])
    };
    let rules = RoleRule::ALL.iter().map(rule);
    std::iter::once(head.to_owned()).chain(rules).collect()
}
