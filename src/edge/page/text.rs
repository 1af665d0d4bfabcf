//! What the pages say: one table, Danish and English side by side.
//!
//! A template says `{{ t.name }}`, or `{{ t.name(value) }}` where the sentence has room for a value. Texts
//! hold no HTML, and values are escaped where the page is rendered. That every sentence takes the same values
//! in both languages the compiler checks. What a check means and who must act stand with the checks.

use super::language::Language;
use std::fmt::Display;

macro_rules! texts {
    ($($name:ident $(($($value:ident),+))? $da:literal $en:literal;)*) => {
        /// All texts in one language.
        #[derive(Debug)]
        pub struct Text {
            /// The language.
            pub language: Language,
            $(#[doc = $en] pub $name: &'static str,)*
        }

        static DANISH: Text = Text { language: Language::Danish, $($name: $da,)* };
        static ENGLISH: Text = Text { language: Language::English, $($name: $en,)* };

        impl Text {
            $($(
                #[doc = $en]
                pub fn $name(&self, $($value: impl Display),+) -> String {
                    match self.language {
                        Language::Danish => format!($da, $($value = $value),+),
                        Language::English => format!($en, $($value = $value),+),
                    }
                }
            )?)*
        }

        /// Name, Danish, English.
        #[cfg(test)]
        pub(super) const ENTRIES: &[(&str, &str, &str)] = &[$((stringify!($name), $da, $en),)*];
    };
}
pub(crate) use texts;

impl Text {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Danish => &DANISH,
            Language::English => &ENGLISH,
        }
    }

    /// As in `lang` attributes.
    pub fn code(&self) -> &'static str {
        self.language.code()
    }

    /// The same in the other language.
    pub fn other(&self) -> &'static Self {
        Self::of(self.language.other())
    }

    /// One of a pair that stands elsewhere: Danish, English.
    pub fn pick(&self, pair: (&'static str, &'static str)) -> &'static str {
        self.language.pick(pair)
    }
}

texts! {
    // ── Around every page ─────────────────────────────────────────────────────────────────────────────
    language_name "Dansk" "English";
    skip "Gå til indhold" "Skip to content";
    test_environment "Testmiljø" "Test environment";
    not_kombits "ikke KOMBITs Context Handler" "not KOMBIT's Context Handler";
    page_title(title) "{title} – testmiljø" "{title} – test environment";
    authority "Uofficiel efterligning af Context Handler 2" "An unofficial imitation of Context Handler 2";
    authority_party "Opdigtet part i Vejvisers demo" "An invented party of the Vejviser demo";
    footer "Vejviser efterligner Context Handler 2, så logins kan øves. Demoens personer og CVR-numre er opdigtede."
        "Vejviser imitates Context Handler 2, so that logins can be rehearsed. The demo's people and CVR numbers are invented.";
    footer_party "Denne part er opdigtet til Vejvisers demo. Personer og CVR-numre findes ikke."
        "This party was invented for the Vejviser demo. Its people and CVR numbers do not exist.";
    main_menu "Hovedmenu" "Main menu";
    front_page "Forside" "Front page";
    overview "Overblik" "Overview";
    flows "Forløb" "Flows";
    management "Vejviser – overblik" "Vejviser – overview";
    flow_id "Tråd-id" "Flow id";
    check "Kontrol" "Check";

    // ── Front page ────────────────────────────────────────────────────────────────────────────────────
    landing_title "Vejviser: en uofficiel Context Handler 2" "Vejviser: an unofficial Context Handler 2";
    landing_demo "Prøv et login: Vælg først et system, derefter en organisation og til sidst en person."
        "Try a login: choose a system first, then an organisation, then a person.";
    landing_serve "Her sendes brugere fra et brugervendt system videre til deres egen organisations login. Et login begynder altid i systemet."
        "This is where users of a user-facing system are sent on to their own organisation's login. A login always begins in the system.";
    try_login "Prøv et login" "Try a login";
    system_needs(profile, level) "{profile}, kræver {level}" "{profile}, needs {level}";
    landing_idps "Kommunernes identity providers" "The municipalities' identity providers";
    name "Navn" "Name";
    profile "Profil" "Profile";
    people "Personer" "People";
    metadata "Metadata" "Metadata";
    metadata_of(name) "Metadata for {name}" "Metadata of {name}";
    landing_flows "Hvert login kan følges skridt for skridt:" "Every login can be followed step by step:";
    landing_flows_link "se forløbene" "see the flows";
    addresses "Adresser" "Addresses";
    metadata_for_systems "Metadata for brugervendte systemer (IdP-rollen)" "Metadata for user-facing systems (the IdP role)";
    metadata_for_idps "Metadata for identity providers (SP-rollen)" "Metadata for identity providers (the SP role)";
    public_address "Offentlig adresse" "Public address";

    // ── Chooser ───────────────────────────────────────────────────────────────────────────────────────
    choose_title "Hvor vil du logge ind?" "Where do you want to log in?";
    choose_lead(system, level) "Du er på vej til {system}, som kræver sikringsniveau {level}. Vælg den organisation, du arbejder for."
        "You are on your way to {system}, which needs assurance level {level}. Choose the organisation that you work for.";
    choose_back "Derfor bliver du spurgt igen" "Why you are asked again";
    choose_did_not_come_back "Dit seneste login med det huskede valg blev ikke gennemført. Du kan vælge det samme igen eller noget andet."
        "Your latest login with the remembered choice was not completed. You can make the same choice again, or another one.";
    choose_moved(organisation) "{organisation} har fået nyt login siden sidst. Vælg, hvor du vil logge ind."
        "{organisation} has a new login since last time. Choose where you want to log in.";
    choose_asked "Du bad selv om at vælge igen. Dit huskede valg gælder, indtil du vælger noget andet eller glemmer det."
        "You asked to choose again. Your remembered choice stands until you choose something else or forget it.";
    choose_forced "Systemet beder dig logge ind på ny. Dit huskede valg gælder stadig, når du logger ind som sædvanlig."
        "The system asks you to log in anew. Your remembered choice still holds when you log in as usual.";
    choose_several(organisation) "{organisation} har mere end ét login. Vælg det, du skal bruge."
        "{organisation} has more than one login. Choose the one that you need.";
    choose_unknown "Det login, browseren husker, findes ikke længere. Vælg, hvor du vil logge ind."
        "The login that the browser remembers is gone. Choose where you want to log in.";
    search "Søg" "Search";
    search_label "Søg efter navn, CVR-nummer eller e-mail-domæne" "Search by name, CVR number or e-mail domain";
    search_all "Vis alle" "Show all";
    search_region "Søg efter organisation" "Search for an organisation";
    hits_all(total) "{total} organisationer at vælge imellem." "{total} organisations to choose from.";
    hits_one(total) "1 ud af {total} organisationer passer til søgningen." "1 of {total} organisations matches.";
    hits_some(count, total) "{count} ud af {total} organisationer passer til søgningen." "{count} of {total} organisations match.";
    hits_none "Ingen organisation passer til søgningen. Prøv kommunens navn, eller søg på ingenting for at se alle."
        "No organisation matches. Try the municipality's name, or search for nothing to see all of them.";
    choose_nobody "Der er ingen organisation at vælge: ingen registreret identity provider er i brug."
        "There is no organisation to choose: no registered identity provider is in use.";
    choose_not_for_mobile "Kan ikke bruges på mobil. Log ind fra en computer." "Not for mobile use. Log in from a computer.";
    remember_system(system, days) "Husk mit valg til {system} i denne browser i {days} dage" "Remember my choice for {system} in this browser for {days} days";
    remember_every(days) "Husk mit valg til alle systemer i denne browser i {days} dage" "Remember my choice for every system in this browser for {days} days";
    remember_system_hint "Sæt flueben, før du vælger. Gælder kun dette system, og kun hvis dit login lykkes. Se og glem dine valg på siden"
        "Tick the box before you choose. For this system only, and only if your login succeeds. See and forget your choices on the page";
    remember_every_hint "Sæt flueben, før du vælger. Så bliver du ikke spurgt igen i noget system. Se og glem dine valg på siden"
        "Tick the box before you choose. You will not be asked again in any system. See and forget your choices on the page";
    recent "Senest brugt i denne browser" "Recently used in this browser";
    all_organisations "Alle organisationer" "All organisations";
    organisations "Organisationer" "Organisations";
    choose_cancel(system) "Afbryd og gå tilbage til {system}" "Cancel and go back to {system}";

    // ── Logout ────────────────────────────────────────────────────────────────────────────────────────
    slo_partly "Du er ikke logget ud overalt" "You are not logged out everywhere";
    slo_over "Du er logget ud" "You are logged out";
    slo_under_way "Logout er i gang" "The logout is under way";
    slo_partly_hint "Du er logget ud her, men ikke hos alle nedenfor." "You are logged out here, but not at everybody below.";
    slo_partly_do "Log ud i det system, der ikke svarede, eller luk browseren helt. Så kan ingen andre bruge din session på denne computer."
        "Log out in the system that did not answer, or close the browser completely. Then nobody else can use your session on this computer.";
    slo_over_hint "Alle, som du var logget ind hos, har sagt, at du er logget ud." "Everybody whom you were logged in with has said that you are logged out.";
    slo_late(title) "{title} har ikke svaret i tide." "{title} has not answered in time.";
    slo_go_on(title) "Fortsæt uden {title}" "Go on without {title}";
    slo_waits(title) "Vi venter på svar fra {title}. Det kan tage op til et halvt minut." "We are waiting for an answer of {title}. That may take half a minute.";
    slo_look_again "Se, hvordan det går" "See how it goes";
    slo_goes_on "Din session her er afsluttet, og de andre får besked." "Your session here has ended, and the others are being told.";
    slo_answer_for(title) "{title} bad om logout og får svar, når alle er spurgt." "{title} asked for the logout, and is answered when everybody has been asked.";
    slo_nobody_else "Der var ingen andre at give besked." "There was nobody else to tell.";
    slo_back_to(title) "Gå tilbage til {title}" "Go back to {title}";
    slo_not_here "Det logout kender vi ikke her: det er over ti minutter gammelt, eller det hører til en anden browser."
        "We do not know of that logout here: it is more than ten minutes old, or belongs to another browser.";
    slo_sessions "Sessioner i denne browser" "Sessions of this browser";
    slo_no_cookie "Vi kan ikke se, hvilke sessioner denne browser har: den sendte ingen cookie til os."
        "We cannot see which sessions this browser has: it sent us no cookie.";
    slo_no_cookie_do "Log ud i selve systemet, eller luk browseren helt. Er cookies slået fra, eller er de slettet, så slå dem til, før du logger ind igen."
        "Log out in the system itself, or close the browser completely. If cookies are switched off, or were deleted, switch them on before you log in again.";
    slo_lead "Her er du logget ind i denne browser." "This is where you are logged in with this browser.";
    slo_everywhere "Log ud overalt" "Log out everywhere";
    slo_everywhere_hint "Hvert system får besked, og til sidst din organisations login." "Every system is told, and your organisation's login last.";
    slo_no_sessions "Der er ingen sessioner i denne browser at logge ud af." "This browser has no sessions to log out of.";
    slo_to_tell "har ikke fået besked endnu" "not told yet";
    slo_asked "har fået besked og har ikke svaret endnu" "told, and has not answered yet";
    slo_done "logget ud" "logged out";
    slo_no_endpoint "ikke logget ud: har ingen adresse, som logout kan sendes til" "not logged out: has no address that a logout can be sent to";
    slo_unknown "ikke logget ud: er ikke registreret længere" "not logged out: is not registered any more";
    slo_no_answer "ikke logget ud: svarede ikke i tide" "not logged out: did not answer in time";
    slo_unreachable "ikke logget ud: kunne ikke nås eller gav ikke et svar, der kan bruges" "not logged out: could not be reached, or gave no answer that can be used";
    slo_said_no(codes) "ikke logget ud: svarede, at det ikke lykkedes ({codes})" "not logged out: answered that it did not work ({codes})";
    slo_for_systems "SingleLogoutService for brugervendte systemer" "SingleLogoutService for user-facing systems";
    slo_for_idps "SingleLogoutService for kommunernes identity providers" "SingleLogoutService for the municipalities' identity providers";
    stopped_logout "Logout stoppede her" "The logout stopped here";
    landing_sessions "Se, hvor du er logget ind i denne browser, og log ud:" "See where you are logged in with this browser, and log out:";
    choices_sessions "Et husket valg er ikke et login. Vil du logges ud, så brug siden" "A remembered choice is no login. To be logged out, use the page";
    outcome_logged_out "Logget ud" "Logged out";
    outcome_partial_logout "Delvist logget ud" "Partly logged out";
    chosen_by_session "Ingen: brugeren var logget ind i forvejen (session)" "Nobody: the user was logged in already (session)";

    // ── My choices ────────────────────────────────────────────────────────────────────────────────────
    choices "Dine valg" "Your choices";
    choices_forget_link "Se og glem dine valg" "See and forget your choices";
    choices_title "Dine valg i denne browser" "Your choices in this browser";
    choices_lead "Her ser du, hvilke organisationer browseren husker for dig. Glemmer du et valg, bliver du spurgt igen ved næste login."
        "These are the organisations that the browser remembers for you. If you forget a choice, you are asked again at the next login.";
    choices_none "Der er ikke husket nogen valg i denne browser. Du kan sætte flueben ved «Husk mit valg», næste gang du logger ind."
        "No choices are remembered in this browser. You can tick “Remember my choice” the next time you log in.";
    system "System" "System";
    remembered(since, until) "Husket siden {since}, og huskes til {until}." "Remembered since {since}, until {until}.";
    every_system "Alle systemer" "Every system";
    choice_in_use "I brug" "In use";
    choice_inactive "Ude af brug: organisationens login er ikke aktivt" "Out of use: the organisation's login is not active";
    choice_unknown "Ukendt: organisationen er ikke længere registreret" "Unknown: the organisation is no longer registered";
    forget "Glem" "Forget";
    forget_one_for(organisation, system) "valget af {organisation} til {system}" "the choice of {organisation} for {system}";
    forget_one_every(organisation) "valget af {organisation} til alle systemer" "the choice of {organisation} for every system";
    forget_all "Glem alt" "Forget everything";
    forget_all_hint "Sletter både de huskede valg og listen over senest brugte organisationer."
        "Deletes both the remembered choices and the list of organisations recently used.";
    recent_hint "De vises øverst, når du skal vælge. Du bliver spurgt alligevel."
        "They are shown first when you choose. You are asked all the same.";
    help_title "Til servicedesken" "For the service desk";
    help_text "Send dette link til en bruger, der bliver sendt til et forkert login. Når det åbnes, glemmer brugerens browser alle valg."
        "Send this link to a user who is sent to the wrong login. When it is opened, the user's browser forgets every choice.";
    forgotten_none "Der var ingen valg at glemme." "There were no choices to forget.";
    forgotten_one "1 valg er glemt." "1 choice is forgotten.";
    forgotten_some(count) "{count} valg er glemt." "{count} choices are forgotten.";
    forgotten_title "Browserens huskede valg er slettet" "The browser's remembered choices are deleted";
    forgotten_next_title "Hvad nu?" "What next?";
    forgotten_next_1 "Luk fanen, og gå til det system, du vil bruge." "Close this tab, and go to the system that you want to use.";
    forgotten_next_2 "Log ind. Du bliver nu bedt om at vælge organisation." "Log in. You will now be asked to choose an organisation.";
    forgotten_next_3 "Vælg den rigtige. Hjælper det ikke, så fortæl servicedesken, hvad der står på siden."
        "Choose the right one. If that does not help, tell the service desk what the page says.";

    // ── On the way ────────────────────────────────────────────────────────────────────────────────────
    post_title "Du sendes videre" "You are being sent on";
    post_hint "Sker der ikke noget, så tryk på Fortsæt." "If nothing happens, press Continue.";
    go_on "Fortsæt" "Continue";

    // ── Refusals and other errors ─────────────────────────────────────────────────────────────────────
    stopped "Login stoppede her" "The login stopped here";
    who_must_act "Hvem skal handle" "Who must act";
    what_to_do "Gør dette" "What to do";
    give_flow_id "Oplys tråd-id, når du beder om hjælp. Så kan driften se forløbet skridt for skridt."
        "Give the flow id when you ask for help. Then the hub's operators can see the flow step by step.";
    by_sender "Den, der sendte browseren hertil (systemets leverandør eller kommunens IdP-drift)"
        "Whoever sent the browser here (the system's supplier or the municipality's identity provider)";
    by_user "Brugeren (browseren)" "The user (the browser)";
    by_hub "Hubbens drift" "The hub's operators";
    error_missing "Siden findes ikke" "No such page";
    error_missing_do "Tjek adressen. Hubbens adresser står på forsiden." "Check the address. The hub's addresses are on the front page.";
    error_method "Adressen tager ikke imod den slags forespørgsler" "This address does not take requests of this kind";
    error_method_do "Send beskeden med den binding (HTTP-Redirect eller HTTP-POST), som hubbens metadata nævner."
        "Send the message by the binding (HTTP-Redirect or HTTP-POST) that the hub's metadata names.";
    error_large "Beskeden er for stor" "The message is too large";
    error_large_do "Send færre attributter eller certifikater, og brug HTTP-POST til store beskeder."
        "Send fewer attributes or certificates, and use HTTP-POST for large messages.";
    error_host "Ukendt værtsnavn" "Unknown host name";
    error_host_do "Denne server svarer kun på sin egen adresse (public-url), hub.localhost og loopback."
        "This server answers only to its own address (public-url), hub.localhost and loopback.";
    error_late "Forespørgslen kom ikke frem i tide" "The request did not arrive in time";
    error_late_do "Start login forfra." "Start the login again.";
    error_busy "Hubben har for travlt" "The hub is too busy";
    error_busy_do "Prøv igen om lidt." "Try again in a while.";
    error_ours "Der skete en fejl i hubben" "Something broke in the hub";
    error_ours_do "Start login forfra. Sker det igen, er det en fejl i Vejviser, og ikke hos kommunen eller systemet."
        "Start the login again. If it happens again, it is a bug of Vejviser, not of the municipality or the system.";
    error_unreadable "Hubben kan ikke læse forespørgslen" "The hub cannot read the request";
    error_unreadable_do "Send de felter, som adressen kender, hver højst én gang, og en formular som application/x-www-form-urlencoded."
        "Send the fields that the address knows, each at most once, and a form as application/x-www-form-urlencoded.";

    // ── Management ────────────────────────────────────────────────────────────────────────────────────
    registered(idps, systems) "{idps} identity providers og {systems} brugervendte systemer er registreret."
        "{idps} identity providers and {systems} user-facing systems are registered.";
    latest_flows "Seneste forløb" "Latest flows";
    flows_none "Ingen forløb endnu." "No flows yet.";
    begun "Begyndt" "Begun";
    identity_provider "Identity provider" "Identity provider";
    outcome "Udfald" "Outcome";
    chosen_by "Hvem valgte identity provider" "Who chose the identity provider";
    chosen_by_idp_list "Systemet: forespørgslen nævner den (IDPList)" "The system: its request names it (IDPList)";
    chosen_by_only_one "Ingen: der er kun én i brug" "Nobody: only one is in use";
    chosen_by_address "Adressen, brugeren kom fra (IP-adresse)" "The address that the user came from (IP address)";
    chosen_by_memory "Et husket valg i brugerens browser" "A choice remembered by the user's browser";
    chosen_by_memory_since(date) "Et valg, som brugerens browser har husket siden {date}" "A choice that the user's browser has remembered since {date}";
    chosen_by_trial "Et prøvelogin: adressen nævner den" "A trial: its address names it";
    chosen_by_user "Brugeren, på siden «Hvor vil du logge ind?»" "The user, on the page “Where do you want to log in?”";
    administration "Parter" "Parties";
    admin_pinned "Huskede valg" "Remembered choices";
    admin_pinned_hint "«Huskede valg» er antallet af logins, som er sendt til IdP'en, fordi brugerens browser huskede valget, siden Vejviser startede. Lukkes IdP'en, mens «husk mit valg» virker som i november 2024, går de brugere i stå. Send dem linket"
        "“Remembered choices” counts the logins that were sent to the IdP because the user's browser remembered the choice, since Vejviser was started. If the IdP is closed while “remember my choice” works as in November 2024, these users get stuck. Send them the link";
    admin_uses(uses) "{uses} gange" "{uses} times";
    admin_one_use "én gang" "once";
    admin_no_use "aldrig" "never";
    admin_stopped(count) "{count} gik i stå" "{count} got stuck";
    admin_latest(time) "senest {time}" "latest {time}";
    state "Status" "State";
    action "Handling" "Action";
    admin_close "Luk" "Close";
    admin_open "Åbn" "Open";
    admin_close_what(name) "identity provideren {name}" "the identity provider {name}";
    admin_mode "Sådan virker «husk mit valg»" "How “remember my choice” works";
    admin_mode_ch2 "Som i november 2024 (ch2): ét valg for alle systemer. Det peger på identity provideren og bruges ved hvert login."
        "As in November 2024 (ch2): one choice for every system. It points at the identity provider and is used at every login.";
    admin_mode_safe "Som det bør være (safe): ét valg pr. system, og kun når et login er lykkedes. Det peger på organisationen og følger med, når den skifter identity provider."
        "As it should be (safe): one choice per system, and only after a login succeeded. It points at the organisation and follows when that changes its identity provider.";
    admin_mode_use_ch2 "Skift til ch2" "Change to ch2";
    admin_mode_use_safe "Skift til safe" "Change to safe";
    flow "Forløb" "Flow";
    flow_of(id) "Forløb {id}" "Flow {id}";
    outcome_completed "Gennemført" "Completed";
    outcome_under "Gennemført, under niveau" "Completed, below the level";
    outcome_refused "Afvist" "Refused";
    outcome_abandoned "Afbrudt" "Abandoned";
    outcome_pending "I gang" "In progress";
    level_reached(level) "Opnået niveau: {level}." "Level reached: {level}.";
    level_reached_under(level) "Opnået niveau: {level}. Det er lavere end systemet kræver, men er sluppet igennem."
        "Level reached: {level}. It is lower than the system needs, but was let through.";
    truncated "Noget er udeladt, fordi forløbet er langt eller gammelt." "Something was left out, because the flow is long or old.";
    messages "Beskeder" "Messages";
    arrow_from_system "System → hub" "System → hub";
    arrow_to_system "Hub → system" "Hub → system";
    arrow_to_idp "Hub → IdP" "Hub → IdP";
    arrow_from_idp "IdP → hub" "IdP → hub";
    other_party "Den anden part:" "The other party:";
    checks_counted(ok, failed, warned) "Kontroller: {ok} ok, {failed} fejl, {warned} advarsler" "Checks: {ok} ok, {failed} failed, {warned} warnings";
    checks_of(number) "Kontroller af besked {number}" "Checks of message {number}";
    found "Fundet" "Found";
    expected "Krav" "Expected";
    source "Kilde" "Source";
    check_ok "ok" "ok";
    check_failed "fejl" "failed";
    check_warned "advarsel" "warning";
    check_skipped "ikke prøvet" "not checked";
    xml_indented "XML (indrykket)" "XML (indented)";
    xml_of(number) "XML i besked {number}" "XML of message {number}";
    decrypted "Assertion i klartekst" "Assertion in clear text";
    decrypted_of(number) "Assertion i klartekst i besked {number}" "Assertion in clear text, message {number}";
    query_as_sent "Query, som den blev sendt" "Query as it was sent";
    query_of(number) "Query i besked {number}" "Query of message {number}";
    decisions "Afgørelser" "Decisions";
    roles "Roller" "Roles";
    roles_not_sent "IdP'en sendte ingen jobfunktionsroller." "The IdP sent no job function roles.";
    roles_ignored "IdP'en sendte roller, men er registreret som en, der ikke kender roller (KenderRoller), så hubben så ikke på dem."
        "The IdP sent roles, but is registered as one that knows none (KenderRoller), so the hub did not look at them.";
    roles_empty "IdP'en sendte en tom liste over roller. En bruger uden roller skal slet ingen liste have (OIO-BPP)."
        "The IdP sent an empty list of roles. A user without roles must have no list at all (OIO-BPP).";
    roles_list_unreadable "IdP'ens liste over roller kan ikke læses:" "The IdP's list of roles cannot be read:";
    roles_read(groups, issued) "IdP'en sendte {groups} grupper af roller; systemet fik {issued}. Her er, hvad der blev af hver rolle."
        "The IdP sent {groups} groups of roles; the system got {issued}. This is what became of each role.";
    role_came_in "Jobfunktionsrolle fra IdP'en" "Job function role from the IdP";
    role_scope "Gælder for (Scope)" "Holds for (scope)";
    role_became "Brugersystemrolle, eller hvorfor ikke" "User system role, or why not";
    role_translated "Oversat" "Translated";
    role_dropped "Udeladt" "Left out";
    role_mapping "rollemapning" "mapping";
    constraint_unused "bruges ikke af systemets rollemapninger" "used by none of the system's mappings";
    user_claims "Oplysninger fra hubbens brugerregister" "Claims from the hub's register of users";
    claim_filled "føjet til: IdP'en siger det ikke" "added: the IdP does not say it";
    claim_replaced "trådte i stedet for det, IdP'en siger" "took the place of what the IdP says";
    claim_stated "ikke brugt: IdP'en siger det selv" "not used: the IdP says it itself";
    claim_not_passed_on "ikke brugt: ingen systemer får den oplysning fra brugerregisteret" "not used: no system gets it from the register of users";
    claim_too_long "ikke brugt: for lang" "not used: too long";
    none "Ingen." "None.";
    rule "Regel" "Rule";
    looked_at "Så på" "Looked at";
    result "Resultat" "Result";
    catalogue "Kontroller" "Checks";
    catalogue_lead "Alt, hvad hubben kan sige nej til eller påpege, hvem der skal handle, og hvad de skal gøre. Id'erne ændrer sig ikke. Det samme står i bogen og i vejviser checks."
        "Everything that the hub may refuse or point out, who must act, and what they do. The ids stay. The same stands in the book and in vejviser checks.";
    catalogue_checks "Kontroller af beskeder" "Checks of messages";
    catalogue_causes "Årsager" "Causes";
    catalogue_metadata "Regler for metadata" "Rules for metadata";
    catalogue_rules "Hubbens egne beslutninger" "The hub's own decisions";
    severity "Alvor" "Severity";
    severity_must "Fejl: fører til afvisning" "Error: leads to a refusal";
    severity_warn "Advarsel" "Warning";
    severity_note "Bemærkning" "Note";
    mark "Hvor godt det vides" "How well it is known";
    own_words "Den rigtige tjenestes egne ord" "The real service's own words";
    source_observed "set hos den rigtige hub" "seen at the real hub";
    source_confirmed "bekræftet" "confirmed";
    source_inferred "udledt" "inferred";
    source_setting "indstilling" "setting";
    as_json "Forløbet som JSON" "The flow as JSON";

    // ── A change of certificates ──────────────────────────────────────────────────────────────────────
    matrix "Profilmatrix" "Profile matrix";
    rollover "Certifikatskifte" "Change of certificates";
    unknown "ukendt" "unknown";
    roll_problem "Det kunne ikke gøres" "That could not be done";
    roll_lead "Afspil et skifte af certifikat med hubbens egne nøgler. Systemer og identity providere deltager, og man ser, hvem der ikke kan logge ind, hvornår og hvorfor."
        "Play a change of certificates with the hub's own keys. Systems and identity providers take part, and one sees who cannot log in, when and why.";
    roll_failing(failing, parties) "{failing} af {parties} parter kan ikke logge ind nu" "{failing} of {parties} parties cannot log in now";
    roll_none_known_failing(unknown, parties) "Ingen fejler, så vidt vides; om {unknown} af {parties} parter vides intet" "Nobody is known to fail; nothing is known of {unknown} out of {parties} parties";
    roll_unknown(unknown) "Om {unknown} parter er intet oplyst, og intet er set." "Of {unknown} parties nothing is stated, and nothing was seen.";
    roll_none_failing(parties) "Alle {parties} parter kan logge ind nu" "All {parties} parties can log in now";
    roll_plan(name, environment) "planen {name} ({environment})." "the plan {name} ({environment}).";
    roll_over "Planen er slut." "The plan is over.";
    roll_paused "Afspilningen står stille." "It stands still.";
    roll_real_time "I virkelig tid." "In real time.";
    roll_speed(speed) "{speed} gange så hurtigt som virkeligheden." "{speed} times as fast as reality.";
    roll_window "Servicevindue" "Service window";
    roll_next(time) "Spring til næste trin ({time})" "Jump to the next step ({time})";
    roll_pause "Pause" "Hold";
    roll_play "Afspil" "Play";
    roll_end "Afslut øvelsen" "End the rehearsal";
    roll_live "Følg med: opdatér siden hvert 5. sekund" "Follow: reload the page every 5 seconds";
    roll_live_stop "Stop opdateringen" "Stop reloading";
    roll_speed_label "Fart" "Speed";
    roll_speed_real "Virkelig tid" "Real time";
    roll_jump_label "Planens tid (dansk tid)" "The plan's time (Danish time)";
    roll_jump "Spring" "Jump";
    roll_course "Forløb" "Course";
    roll_bars "Øverst: hvad der underskriver. Nederst: hvad metadata viser. Den mørke streg er nu."
        "Above: what signs. Below: what metadata shows. The dark line is now.";
    roll_both "begge" "both";
    roll_done "sket" "done";
    roll_waiting "venter" "waits";
    roll_keys "Nøgler nu" "Keys now";
    roll_signs "Underskriver" "Signs";
    roll_decrypts "Dekrypterer" "Decrypts";
    roll_shows_signing "Metadata viser til underskrift" "Metadata shows for signing";
    roll_shows_encryption "Metadata viser til kryptering" "Metadata shows for encryption";
    roll_previous "forrige certifikat" "previous certificate";
    roll_active "gammelt certifikat" "old certificate";
    roll_new "nyt certifikat" "new certificate";
    roll_ends(date) "udløber {date}" "ends {date}";
    roll_start_title "Afspil et skifte" "Play a change";
    roll_strategy "Fremgangsmåde" "Strategy";
    strategy_hard_swap "Hårdt skifte inden for vinduet, som i december 2024" "Hard swap inside the window, as in December 2024";
    strategy_metadata_first "Nyt certifikat i metadata en uge før" "New certificate in metadata a week ahead";
    strategy_overlap "Overlap: begge i metadata en uge før og efter" "Overlap: both in metadata a week before and after";
    strategy_same_key "Nyt certifikat på samme nøgle" "New certificate on the same key";
    strategy_emergency "Nødskifte uden varsel" "Emergency, unannounced";
    strategy_expired "Certifikatet udløber, før nogen handler" "The certificate ends before anybody acts";
    roll_order "Rækkefølge ved hårdt skifte" "Order of a hard swap";
    order_signing "Ny underskrift først, metadata en halv time senere" "The new signature first, metadata half an hour later";
    order_metadata "Metadata først, ny underskrift senere i vinduet" "Metadata first, the new signature later in the window";
    roll_order_hint "Den rigtige hubs rækkefølge kendes ikke. Prøv begge." "The real hub's order is not known. Try both.";
    roll_subject "Hvem skifter" "Who changes";
    roll_the_hub "Hubben" "The hub";
    roll_window_label "Vinduet begynder (dansk tid)" "The window begins (Danish time)";
    roll_rollback_label "Opgives og rulles tilbage (dansk tid; kan være tomt)" "Given up and rolled back (Danish time; may be empty)";
    roll_keep "Behold den gamle nøgle til dekryptering efter skiftet" "Keep the old key for decryption after the change";
    roll_start "Start øvelsen" "Start the rehearsal";
    roll_parties "Parterne" "The parties";
    roll_parties_hint "De, der fejler, står først. Hver part har sin egen adresse til hubbens metadata, så hubben kan se, hvem der har hentet den."
        "Those that fail stand first. Each party has an address of its own for the hub's metadata, so that the hub can see who has fetched it.";
    roll_login "Login virker?" "Does login work?";
    roll_trusts "Stoler på det nye?" "Trusts the new one?";
    roll_source "Overtager certifikatet" "Takes the certificate over";
    roll_seen_title "Set" "Seen";
    roll_seen_nothing "Intet endnu." "Nothing yet.";
    roll_addresses "Hver parts egen adresse til hubbens metadata" "Each party's own address of the hub's metadata";
    roll_window_times(hours) "Servicevindue {hours}" "Service window {hours}";
    roll_works "virker" "works";
    roll_works_until "virker endnu" "works still";
    roll_works_seen "Et login er set siden skiftet." "A login was seen since the change.";
    roll_fails "fejler" "fails";
    roll_fails_at(time) "Ville fejle kl. {time}." "Would fail at {time}.";
    roll_until(time) "Varer til {time}." "Lasts until {time}.";
    roll_forever "Varer, til nogen handler." "Lasts until somebody acts.";
    roll_seen(why) "Et login blev afvist ({why})." "A login was refused ({why}).";
    roll_strangers(count) "Metadata er hentet af {count} ukendte" "Metadata was fetched by {count} unknown ones";
    roll_files "Filer" "Files";
    roll_json "Øvelsen som JSON" "The rehearsal as JSON";
    source_pinned "fastlåst: ingen skifter det" "pinned: nobody changes it";
    source_polled(hours) "henter selv metadata, hver {hours}. time" "fetches metadata by itself, every {hours} hours";
    source_restart "når det genstartes; intet tidspunkt er aftalt" "when it is restarted; no time is agreed";
    source_restart_at(times) "når det genstartes: {times}" "when it is restarted: {times}";
    source_manual "i hånden; intet tidspunkt er aftalt" "by hand; no time is agreed";
    source_manual_at(times) "i hånden: {times}" "by hand: {times}";
    source_unknown "ikke oplyst" "not stated";
    source_unchecked "kontrollerer ikke underskrifter" "does not check signatures";
    seen_fetch(time, certificates) "Hentede metadata {time} (certifikater: {certificates})." "Fetched metadata {time} (certificates: {certificates}).";
    seen_message(time, signer) "Seneste besked {time}, underskrevet med nøgle {signer}." "Last message {time}, signed with key {signer}.";
    seen_message_to(time, signer, key) "Seneste besked {time}, underskrevet med nøgle {signer}, krypteret til: {key}."
        "Last message {time}, signed with key {signer}, encrypted to: {key}.";
    seen_asked(time) "Spurgt {time}, intet svar endnu." "Asked {time}, no answer yet.";
    seen_claimed(time, check) "{time} afvist ({check}): en besked, der siger, at den er fra parten, uden en registreret nøgle bag."
        "Refused {time} ({check}): a message that says it is from the party, with no registered key behind it.";
    step_announce "Driftsmeddelelse udsendes" "The announcement goes out";
    step_hand_out "Det nye certifikat udleveres som fil" "The new certificate is handed out as a file";
    step_show(shows) "Metadata viser: {shows}" "Metadata shows: {shows}";
    step_sign(with) "Underskriver: {with}" "Signs: {with}";
    step_decrypt(with) "Dekrypterer: {with}" "Decrypts: {with}";
    step_expire "Det gamle certifikat udløber" "The old certificate ends";
    step_roll_back "Alt rulles tilbage" "Everything is rolled back";
    cause_holds_old "Den nye nøgle underskriver, og parten har kun det gamle certifikat." "The new key signs, and the party holds only the old certificate.";
    cause_holds_new "Den gamle nøgle underskriver endnu, og parten har kun det nye certifikat." "The old key still signs, and the party holds only the new certificate.";
    cause_compares "Nøglen er den samme, men parten sammenligner certifikater." "The key is the same, but the party compares certificates.";
    cause_expired "Certifikatet er udløbet, og parten ser på datoen." "The certificate has ended, and the party looks at dates.";
    cause_not_yet "Certifikatet gælder ikke endnu, og parten ser på datoen." "The certificate is not valid yet, and the party looks at dates.";
    cause_missing_use "Parten forstår ikke metadata uden «use»." "The party does not understand metadata without “use”.";
    cause_nothing_to_encrypt_to "Metadata viser intet certifikat at kryptere til." "Metadata shows no certificate to encrypt to.";
    cause_encrypts_old "Parten krypterer til den gamle nøgle, som ikke længere åbner." "The party encrypts to the old key, which no longer opens.";
    cause_encrypts_new "Parten krypterer til den nye nøgle, som ikke åbner endnu." "The party encrypts to the new key, which does not open yet.";
    remedy_fetch "Hent hubbens metadata nu, eller indlæs det nye certifikat." "Fetch the hub's metadata now, or load the new certificate.";
    remedy_register "Registrér partens nye metadata i hubben nu." "Register the party's new metadata in the hub now.";
    remedy_register_both "Registrér metadata med begge certifikater, til skiftet er overstået." "Register metadata with both certificates until the change is over.";
    remedy_both "Hav begge certifikater, til skiftet er overstået." "Hold both certificates until the change is over.";
    remedy_dates "Stol på nøglen i metadata uanset certifikatets datoer, eller hent det nye certifikat." "Trust the key in metadata whatever the certificate's dates, or fetch the new one.";
    remedy_use "Læs certifikater uden «use» som gyldige til begge dele." "Read certificates without “use” as good for both.";
    remedy_show_encryption "Vis et certifikat til kryptering i metadata." "Show a certificate for encryption in metadata.";
    ready_title "Parathed: opgaver før næste skifte" "Readiness: tasks before the next change";
    ready_change(date) "Hubbens næste skifte: senest {date}." "The hub's next change: at the latest {date}.";
    ready_open(count) "Åbne opgaver: {count}." "Open tasks: {count}.";
    ready_days "Certifikater, der udløber inden for (dage)" "Certificates that end within (days)";
    ready_show "Vis" "Show";
    ready_party "Part" "Party";
    ready_task "Opgave" "Task";
    ready_what "Hvad" "What";
    ready_found "Fundet" "Found";
    ready_by "Frist" "By";
    ready_done "Udført" "Done";
    ready_done_label "Udførte opgaver" "Tasks that are done";
    ready_finished(count) "Udførte opgaver: {count}" "Tasks that are done: {count}";
    ready_down(time) "Et hårdt skifte kl. 6 afbryder login i {time} (timer:minutter)." "A hard swap at six interrupts logins for {time} (hours:minutes).";
    ready_down_for_ever "Et hårdt skifte afbryder login, til nogen handler." "A hard swap interrupts logins until somebody acts.";
    ready_csv "Opgaverne som regneark (CSV)" "The tasks for a spreadsheet (CSV)";

    // ── Demo systems ──────────────────────────────────────────────────────────────────────────────────
    logged_in "Logget ind" "Logged in";
    logged_out "Logget ud" "Logged out";
    logged_out_text(system) "Du er logget ud af {system}. Sessionen hos kommunens IdP lever videre; «Log ind som en anden» beder den om at spørge igen."
        "You have left {system}. The session at the municipality's IdP lives on; “Log in as somebody else” has it ask again.";
    logout_everywhere(party) "Du er logget ud af {party}, af de andre systemer, som du var logget ind i, og hos kommunen."
        "You are logged out of {party}, of the other systems that you were logged in to, and at the municipality.";
    logout_partly(party) "Du er logget ud af {party}, men hubben svarede, at ikke alle andre loggede dig ud (PartialLogout). Luk browseren for at være sikker."
        "You are logged out of {party}, but the hub answered that not everybody else logged you out (PartialLogout). Close the browser to be safe.";
    logout_unknown(party) "Du er logget ud af {party}. Hubben kendte ikke sessionen mere (UnknownPrincipal), så ingen andre fik besked."
        "You are logged out of {party}. The hub did not know the session any more (UnknownPrincipal), so nobody else was told.";
    logout_refused_by_hub(party, status) "Du er logget ud af {party}, men hubben afviste at logge dig ud andre steder ({status})."
        "You are logged out of {party}, but the hub refused to log you out elsewhere ({status}).";
    logout_unreached(party) "Du er logget ud af {party}, men hubben gav intet brugbart svar, da {party} kaldte den med SOAP. Andre steder er du måske stadig logget ind hos."
        "You are logged out of {party}, but the hub gave no answer of use when {party} called it by SOAP. You may still have sessions elsewhere.";
    logout_silent(party) "Hubben bad {party} om at logge dig ud. Det er sket, men {party} svarer aldrig hubben, så logout går i stå her. Hubbens side /log-ud kan fortsætte, når svaret er udeblevet længe nok."
        "The hub asked {party} to log you out. That is done, but {party} never answers the hub, so the logout stands still here. The hub's page /log-ud can go on when the answer is overdue.";
    built_in_text(level, profile) "Indbygget prøvesystem i Vejviser. Kræver {level} og taler {profile}, så en kommune kan prøve sin egen IdP uden nogen leverandør."
        "A built-in test system of Vejviser. It needs {level} and speaks {profile}, so that a municipality can try its own IdP without any supplier.";
    trial_not_here "Kun et indbygget prøvesystem kan prøve en profil." "Only a built-in test system can try a profile.";
    trial_ticket "Et prøvelogin startes med et link fra /matrix eller /api/v1/trials. Dette link er gammelt eller ikke helt." "A trial is started by a link of /matrix or /api/v1/trials. This link is old or not whole.";
    trial_unclear "Et prøvelogin skal nævne en identity provider (idp=KORTNAVN) og en af de seks profiler (profil=OIOSAML3)."
        "A trial must name an identity provider (idp=SHORTNAME) and one of the six profiles (profil=OIOSAML3).";
    system_text(level, profile, binding) "Opfundet brugervendt system. Kræver {level}, taler {profile} og sender sin forespørgsel med {binding}."
        "An invented user-facing system. It needs {level}, speaks {profile} and sends its request by {binding}.";
    no_level "intet niveau" "no level";
    log_in "Log ind" "Log in";
    log_in_hint "Som en bruger gør det" "As a user does it";
    log_in_forced "Log ind som en anden" "Log in as somebody else";
    log_in_forced_hint "Med ForceAuthn: kommunens IdP spørger igen" "With ForceAuthn: the municipality's IdP asks again";
    try_again "Prøv igen" "Try again";
    log_out "Log ud" "Log out";
    log_out_hint "Kun af dette system" "Of this system only";
    log_out_everywhere "Af alle systemer og hos kommunen" "Of all systems and at the municipality";
    log_out_here "Log ud her" "Log out here";
    system_metadata "Systemets metadata" "The system's metadata";
    welcome(name, level) "Velkommen, {name}. Sikringsniveau: {level}." "Welcome, {name}. Assurance level: {level}.";
    level_unsaid "ikke oplyst" "not stated";
    user_system_roles "Brugersystemroller" "User system roles (brugersystemroller)";
    user_system_role "Brugersystemrolle" "User system role";
    applies_to "Gælder for" "Applies to";
    data_constraint "Dataafgrænsning" "Data constraint";
    not_narrowed "ingen" "none";
    role_ignored "ignoreres: gælder for noget, som profilen ikke kender" "ignored: for something that the profile does not name";
    roles_none "Der kom ingen roller med. Forløbet hos hubben siger hvorfor." "No roles came. The flow at the hub says why.";
    roles_unreadable "Der kom roller med, men systemet kan ikke læse dem." "Roles came, but the system cannot read them.";
    roles_encoded(characters) "se ovenfor ({characters} tegn base64)" "see above ({characters} characters of base64)";
    system_got "Hvad systemet fik" "What the system was given";
    value "Værdi" "Value";
    login_failed "Login mislykkedes" "Login failed";
    failed_checks "Kontroller, der fejlede" "Checks that failed";
    found_expected(found, expected) "Fundet: {found}. Forventet: {expected}." "Found: {found}. Expected: {expected}.";
    refused_by_hub "Hubben svarede, at brugeren ikke er logget på." "The hub answered that the login was refused.";
    logout_failed "Logout mislykkedes" "Logout failed";
    logout_unreadable "Anmodningen om logout kan ikke læses." "The request to log out cannot be read.";
    logout_refused "Anmodningen om logout afvises. Ingen er logget ud." "The request to log out is refused. Nobody is logged out.";
    logout_binding "Parten tager ikke imod logout på denne måde. Dens metadata siger, hvilken binding den bruger." "This party does not take logout messages by this binding. Its metadata says which one it uses.";
    logout_unasked "Der ventes ikke på dette svar på et logout. Det er måske brugt før." "Nobody waits for this answer to a logout; it may have been used before.";
    answer_unreadable "Svaret kan ikke læses." "The answer cannot be read.";
    answer_unasked "Systemet venter ikke på dette svar. Det er måske brugt før." "The system does not wait for this answer; it may have been used before.";
    answer_elsewhere "Svaret hører til en anden browser." "The answer belongs to another browser.";
    answer_refused "Systemet afviser svaret." "The system refuses the answer.";
    persona_holds(certificates) "Har af hubbens certifikater: {certificates}." "Holds of the hub's certificates: {certificates}.";
    persona_holds_none "Har intet af hubbens certifikater, som den vil bruge nu." "Holds none of the hub's certificates that it would use now.";
    unknown_level "Adressen beder om et niveau, der ikke findes." "The address asks for a level that does not exist.";

    // ── Personas ──────────────────────────────────────────────────────────────────────────────────────
    persona_text(product, profile) "Opfundet kommunal IdP med vaner som {product}. Registreret i hubben som {profile}."
        "An invented municipal IdP with the habits of {product}. Registered in the hub as {profile}.";
    session_of(name) "{name} er logget på her." "{name} has a session here.";
    session_none "Ingen er logget på her." "Nobody has a session here.";
    session_end "Log af her" "End the session here";
    persona_login(name) "Log ind hos {name}" "Log in at {name}";
    persona_lead(product) "Opfundet IdP med vaner som {product}. Hvem vil du være?" "An invented IdP with the habits of {product}. Whom do you want to be?";
    cancel "Afbryd" "Cancel";
    asked_for "Hvad hubben bad om" "What the hub asked for";
    nothing "intet" "nothing";
    yes "ja" "yes";
    no "nej" "no";
    stuck_title "Bekræft med din anden faktor" "Confirm with your second factor";
    stuck_text(person, idp) "{person} har ingen to-faktor registreret og kan ikke komme videre hos {idp}."
        "{person} has no second factor enrolled and cannot go on at {idp}.";
    stuck_at(product) "{product} går ikke videre" "{product} does not go on";
    stuck_method(person, idp) "{person} er logget på med en anden metode end den, hubben bad {idp} om. Kun ForceAuthn eller en profil uden class ref hjælper."
        "{person} logged in by another method than the one the hub asked {idp} for. Only ForceAuthn or a profile without a class ref helps.";
    wait_title "Vent lidt" "Please wait";
    wait_text(idp) "{idp} er langsom i dag." "{idp} is slow today.";
    wait_seconds(seconds) "Svaret sendes om {seconds} sekunder." "The answer is sent in {seconds} seconds.";
    wait_again "Se efter nu" "Look now";
    wait_over "Her venter ingen. Start login forfra i systemet." "Nobody waits here. Start the login again in the system.";
    behaviour "Adfærd" "Behaviour";
    behaviour_text(kind) "Slags: {kind}. Det, den gør, og hvor det er set:" "Kind: {kind}. What it does, and where that was seen:";
    behaviour_trips(check) "Hubbens kontrol: {check}." "The hub's check: {check}.";
    behaviour_bad "Det må ingen IdP gøre." "No IdP should do that.";
    mark_confirmed "Bekræftet" "Confirmed";
    mark_inferred "Udledt" "Inferred";
    mark_ours "Vores" "Ours";
    stuck_hint(product) "I {product} bliver brugeren stående her. Kun kommunens IdP-drift kan oprette to-faktor."
        "With {product} the user is left standing here. Only the municipality's IdP operators can enrol a second factor.";
    other_person "Vælg en anden person" "Choose somebody else";
    request_refused(idp) "{idp} afviser forespørgslen fra hubben." "{idp} refuses the hub's request.";
    no_such_person "Der er ingen person med det id hos denne IdP." "This IdP has no such person.";
    with_factor "med to-faktor" "with second factor";
    without_factor "uden to-faktor" "without second factor";
    without_nsis "uden NSIS-identitet" "without NSIS identity";
    with_roles(count) "roller: {count}" "roles: {count}";
    without_roles "uden roller" "without roles";
}
