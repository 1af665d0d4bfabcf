//! How the real hub names its certificates.

/// `ADG_<ENVIRONMENT>_Adgangsstyring_<N>`: the common name of Context Handler's and STS's certificate number
/// `number` in an environment (`PROD`, `EXTTEST`).
pub fn hub_name(environment: &str, number: u32) -> String {
    format!("ADG_{}_Adgangsstyring_{number}", environment.to_uppercase())
}
