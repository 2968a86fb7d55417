//! TDM Reservation Protocol: W3C Community Group Final Report of 10 May 2024.

use super::super::Rule;
use super::json::Json;
use super::reading::{self, bounded, data_mine};
use super::{Reading, ReadingError, Vocabulary, WhyIgnored};

impl Reading {
    /// The values of `tdm-reservation` and `tdm-policy`: fields of an HTTP response, or of `meta` elements in HTML.
    ///
    /// `1` reserves the rights of text and data mining; `0` does not, which is
    /// no grant: what may then be done is for the law of the place. Any other
    /// value counts as none. Where there are several sources, HTML comes before
    /// the HTTP fields and those before the file (section "Processing
    /// priority"): a collector who follows the report records the first of them.
    ///
    /// ```
    /// use datadeed::rights::{Action, Reading, Rule};
    ///
    /// let reading = Reading::tdm_reservation(b"1", Some(b"https://press.example/policy.json"))?;
    /// assert_eq!(reading.rules, [Rule::prohibit(Action::DataMine.leaves())].into());
    /// assert_eq!(reading.ignored[0].to_string(),
    ///     r#""https://press.example/policy.json": points to terms elsewhere"#);
    /// # Ok::<(), datadeed::rights::ReadingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadingError::TooLong`].
    pub fn tdm_reservation(
        reservation: &[u8],
        policy: Option<&[u8]>,
    ) -> Result<Self, ReadingError> {
        bounded(reservation)?;
        bounded(policy.unwrap_or_default())?;
        let mut reading = Self::new(Vocabulary::Tdmrep);
        match reservation.trim_ascii() {
            b"0" => reading.not_reserved(),
            b"1" => reading.reserved(policy),
            other => reading.ignore(WhyIgnored::UnknownValue, other),
        }
        Ok(reading)
    }

    /// What `/.well-known/tdmrep.json` says about `path`: its first rule whose location matches.
    ///
    /// ```
    /// use datadeed::rights::{Action, Reading, Rule};
    ///
    /// let file = br#"[{"location": "/free/", "tdm-reservation": 0},
    ///                  {"location": "/*.pdf$", "tdm-reservation": 1}]"#;
    /// let reading = Reading::tdmrep_json(file, "/reports/2026.pdf")?;
    /// assert_eq!(reading.rules, [Rule::prohibit(Action::DataMine.leaves())].into());
    /// assert!(Reading::tdmrep_json(file, "/free/2026.pdf")?.rules.is_empty());
    /// # Ok::<(), datadeed::rights::ReadingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadingError::TooLong`] or [`ReadingError::NotAPath`]; whatever else is
    /// wrong is in [`Reading::ignored`].
    pub fn tdmrep_json(file: &[u8], path: &str) -> Result<Self, ReadingError> {
        bounded(file)?;
        let path = reading::path(path)?;
        let mut reading = Self::new(Vocabulary::Tdmrep);
        let Some(Json::Array(rules)) = Json::parse(file) else {
            reading.ignore(WhyIgnored::Malformed, file);
            return Ok(reading);
        };
        for rule in &rules {
            let Some(location) = rule.get("location").and_then(Json::text) else {
                reading.ignore(WhyIgnored::Malformed, "a rule without a location");
                continue;
            };
            if path.matched_by(location.as_bytes()).is_none() {
                continue;
            }
            let policy = rule.get("tdm-policy").and_then(Json::text);
            match rule.get("tdm-reservation") {
                Some(Json::Number(0)) => reading.not_reserved(),
                Some(Json::Number(1)) => reading.reserved(policy.map(str::as_bytes)),
                Some(_) | None => reading.ignore(WhyIgnored::UnknownValue, location),
            }
            break;
        }
        Ok(reading)
    }

    fn reserved(&mut self, policy: Option<&[u8]>) {
        self.add(Rule::prohibit(data_mine()));
        if let Some(policy) = policy {
            self.ignore(WhyIgnored::Elsewhere, policy);
        }
    }

    fn not_reserved(&mut self) {
        self.ignore(WhyIgnored::Narrower, "tdm-reservation: 0");
    }
}
