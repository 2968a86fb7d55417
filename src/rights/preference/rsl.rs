//! Really Simple Licensing 1.0 (RSL-SPEC-1.0, December 2025, with errata of 2026).

mod address;

use std::collections::BTreeSet;

use roxmltree::{Document, Error, Node, ParsingOptions};

use self::address::{Address, split_address};
use super::super::{Action, Constraint, Duty, DutyKind, Rule};
use super::reading::{bounded, bounded_address, data_mine, link_to_source, unevaluated};
use super::{Reading, ReadingError, Vocabulary, WhyIgnored};
use crate::limits::{
    MAX_PREFERENCE_ATTRIBUTES, MAX_PREFERENCE_NAMESPACES, MAX_PREFERENCE_NODES,
    MAX_PREFERENCE_RULES, MAX_TEXT,
};
use crate::text::excerpt;

const NAMESPACE: &str = "https://rslstandard.org/rsl";

/// Section 3.4.1.1.
const SEARCH: &str = "links and short excerpts only, no generated summaries";

/// Codes that ISO 3166-1 reserves for others than its countries: `EU` is the union, and `UK` means `GB`.
const RESERVED: [&str; 13] =
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "FX", "IC", "SU", "TA", "UK", "UN"];

impl Reading {
    /// What an RSL document says about the asset at `address`: an absolute URL, or a path of its server.
    ///
    /// Of the `content` elements that match the address (RFC 9309 patterns, section 3.3), the
    /// longer pattern decides about each leaf that it mentions, all of one length together (section
    /// 3.1.1). There a prohibition stands against every permission, also one in narrower words: of
    /// `ai-train` permitted and `ai-all` prohibited nothing is left. Several licences are alternatives.
    ///
    /// | in a licence | becomes |
    /// |---|---|
    /// | payment `purchase`, `training` | the duty `pay` |
    /// | `subscription`, `crawl`, `use`, which are paid again and again | the duty `pay`, and a condition that nothing here evaluates |
    /// | `attribution`; `reporting` | `attribute`; `report` |
    /// | `server` of the content | the payee, and `obtain_consent` where nothing is paid |
    /// | `custom` where nothing is paid | `obtain_consent` |
    /// | `standard`; `contribution`; any other payment; permitted or prohibited `user` | a condition that nothing here evaluates |
    /// | permitted or prohibited `geo` | `territory.processing`; with a code that is no country's, such as `EU`, not evaluated |
    /// | usages permitted, others not | of the others, prohibited under a condition that nothing here evaluates |
    ///
    /// A licence with an unknown element, an unknown, foreign or missing token of prohibition, or a repeated part
    /// permits nothing; what it prohibits counts. Where licences stand in an element that
    /// is not understood, or in a `content` without a proper address, any use is prohibited under a
    /// condition that nothing here evaluates.
    ///
    /// ```
    /// use datadeed::rights::{Action, Reading, Rule};
    ///
    /// let document = br#"<rsl xmlns="https://rslstandard.org/rsl"><content url="/news/"><license>
    ///     <prohibits type="usage">ai-train</prohibits>
    /// </license></content></rsl>"#;
    /// let reading = Reading::rsl(document, "https://press.example/news/2026")?;
    /// assert_eq!(reading.rules, [Rule::prohibit(Action::Train.leaves())].into());
    /// # Ok::<(), datadeed::rights::ReadingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadingError::TooLong`], [`ReadingError::NotAnAddress`], [`ReadingError::NoServer`],
    /// [`ReadingError::TooIntricate`], or [`ReadingError::TooManyRules`]; whatever else is wrong is in [`Reading::ignored`].
    pub fn rsl(document: &[u8], address: &str) -> Result<Self, ReadingError> {
        bounded(document)?;
        bounded_address(address)?;
        let asset = Address::new(address)
            .ok_or_else(|| ReadingError::NotAnAddress { found: excerpt(address) })?;
        let mut reading = Self::new(Vocabulary::Rsl);
        // No document type: no entity is ever expanded.
        let nodes_limit = u32::try_from(MAX_PREFERENCE_NODES).unwrap_or(u32::MAX);
        let options = ParsingOptions { nodes_limit, ..ParsingOptions::default() };
        let text = str::from_utf8(document).unwrap_or_default();
        bounded_names(text)?;
        let parsed = match Document::parse_with_options(text, options) {
            Ok(parsed) => Some(parsed),
            Err(Error::NodesLimitReached) => return Err(intricate("nodes", MAX_PREFERENCE_NODES)),
            Err(_) => None,
        };
        let root = parsed.as_ref().map(Document::root_element).filter(|root| is(*root, "rsl"));
        let Some(root) = root else {
            reading.ignore(WhyIgnored::Malformed, document);
            return Ok(reading);
        };
        let mut contents = reading.contents(root, &asset)?;
        contents.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let mut decided = BTreeSet::new();
        for scope in contents.chunk_by(|(a, _), (b, _)| a == b) {
            let licences: Vec<Terms<'_>> =
                scope.iter().flat_map(|(_, content)| reading.licences(*content)).collect();
            reading.add_scope(&licences, &mut decided);
            if reading.has_too_much() {
                break;
            }
        }
        reading.checked()
    }

    /// The elements `content` that are about the asset, each with the length of its pattern.
    fn contents<'a>(
        &mut self,
        root: Node<'a, 'a>,
        asset: &Address,
    ) -> Result<Vec<(usize, Node<'a, 'a>)>, ReadingError> {
        let mut found = Vec::new();
        for content in root.children().filter(Node::is_element) {
            if content.tag_name().namespace() != Some(NAMESPACE) {
                continue;
            }
            let url = content.attribute("url").filter(|_| is(content, "content"));
            let Some((origin, pattern)) = url.and_then(split_address) else {
                self.ignore(WhyIgnored::Malformed, url.unwrap_or(content.tag_name().name()));
                self.doubt(content);
                continue;
            };
            let Some(length) = asset.path.matched_by(pattern.as_bytes()) else { continue };
            if origin.is_some() && asset.origin.is_none() {
                let found = excerpt(url.unwrap_or_default());
                return Err(ReadingError::NoServer { found });
            }
            if origin.is_none() || origin == asset.origin {
                found.push((length, content));
            } else if asset.is_on(origin.as_deref()) {
                self.ignore(WhyIgnored::OtherScheme, url.unwrap_or_default());
                self.doubt(content);
            }
        }
        Ok(found)
    }

    /// The licences of one `content`.
    fn licences<'a>(&mut self, content: Node<'a, '_>) -> Vec<Terms<'a>> {
        let mut licences = Vec::new();
        for child in content.children().filter(Node::is_element) {
            if child.tag_name().namespace() != Some(NAMESPACE) {
                continue;
            }
            match child.tag_name().name() {
                "license" => {
                    let server = content.attribute("server");
                    let mut terms = Terms { server, ..Terms::default() };
                    terms.read(child, self);
                    terms.faulty |= server.is_some_and(|server| server.len() > MAX_TEXT);
                    licences.push(terms);
                }
                "terms" => self.ignore(WhyIgnored::Elsewhere, words(child)),
                "alternate" | "copyright" | "schema" => {}
                other => {
                    self.ignore(WhyIgnored::UnknownName, other);
                    self.doubt(child);
                }
            }
        }
        licences
    }

    /// What an element that is not understood says may be about the asset, and against any use of it.
    fn doubt(&mut self, element: Node<'_, '_>) {
        if element.descendants().any(|inside| is(inside, "permits") || is(inside, "prohibits")) {
            let name = excerpt(element.tag_name().name());
            let unread = unevaluated("rsl.element", "as_stated", [name]);
            self.add(Rule::prohibit(covered(["all"])).when(unread));
        }
    }

    /// Whether it is refused whatever follows, so that nothing more is kept of it.
    fn has_too_much(&self) -> bool {
        self.rules.len() > MAX_PREFERENCE_RULES
    }

    /// The rules of the licences of one scope, about leaves that no narrower one decided.
    ///
    /// A scope decides about a leaf where it prohibits it or permits the whole of it. What depends on
    /// who and where, and what is merely unlisted, adds to what wider scopes say.
    fn add_scope(&mut self, licences: &[Terms<'_>], decided: &mut BTreeSet<Action>) {
        let before = decided.clone();
        let open = |actions: BTreeSet<Action>| -> BTreeSet<Action> {
            actions.difference(&before).copied().collect()
        };
        let mut listed = BTreeSet::new();
        for terms in licences {
            if self.has_too_much() {
                return;
            }
            let prohibited = covered(terms.prohibits.usage.iter().map(String::as_str));
            decided.extend(&prohibited);
            listed.extend(&prohibited);
            self.add(Rule::prohibit(open(prohibited)));
            for condition in terms.prohibits.conditions("any_of") {
                self.add(Rule::prohibit(covered(["all"])).when(condition));
            }
            let Some(usage) = terms.permits.usage_listed() else {
                // Only where and by whom: nothing is permitted, and others are shut out.
                for condition in terms.permits.conditions("none_of") {
                    self.add(Rule::prohibit(covered(["all"])).when(condition));
                }
                continue;
            };
            listed.extend(covered(usage.iter().map(String::as_str)));
            if terms.faulty {
                continue;
            }
            let mut permits = vec![Rule::permit(granted(usage))];
            if usage.contains("search") && !usage.contains("all") {
                permits.push(Rule::permit([Action::Search]).duty(link_to_source(SEARCH)));
            }
            for mut rule in permits {
                decided.extend(&rule.actions);
                rule.actions = open(rule.actions);
                rule.constraints.extend(terms.permits.conditions("any_of"));
                rule.constraints.extend(terms.conditions.iter().cloned());
                rule.duties.extend(terms.owed());
                self.add(rule);
            }
        }
        // Where every licence lists what it permits, what none lists is not permitted (section 3.5).
        let lists: Option<Vec<_>> =
            licences.iter().map(|terms| terms.permits.usage_listed()).collect();
        if let Some(lists) = lists.filter(|lists| !lists.is_empty()) {
            let unlisted = covered(["all"]).difference(&listed).copied().collect();
            let tokens: BTreeSet<String> = lists.into_iter().flatten().cloned().collect();
            let others = unevaluated("rsl.usage", "none_of", tokens);
            self.add(Rule::prohibit(open(unlisted)).when(others));
        }
    }
}

/// Nothing of what the XML parser would need more than some tenths of a second for.
///
/// It holds each attribute against all others of its element, and each element that declares a name space
/// against all that are declared around it. What is counted here is no less than what it finds.
fn bounded_names(text: &str) -> Result<(), ReadingError> {
    if text.matches("xmlns").count() > MAX_PREFERENCE_NAMESPACES {
        return Err(intricate("declarations of name spaces", MAX_PREFERENCE_NAMESPACES));
    }
    let attributes = |element: &str| element.matches('=').count();
    if text.split('<').any(|element| attributes(element) > MAX_PREFERENCE_ATTRIBUTES) {
        return Err(intricate("attributes of an element", MAX_PREFERENCE_ATTRIBUTES));
    }
    Ok(())
}

const fn intricate(of: &'static str, limit: usize) -> ReadingError {
    ReadingError::TooIntricate { of, limit }
}

/// One `license`.
#[derive(Debug, Default)]
struct Terms<'a> {
    /// Who must be asked for a licence (section 3.3).
    server: Option<&'a str>,
    permits: Values,
    prohibits: Values,
    duties: BTreeSet<Duty>,
    /// Conditions of the payment that nothing here evaluates.
    conditions: BTreeSet<Constraint>,
    /// Something in it was not understood, so it permits nothing.
    faulty: bool,
}

/// The tokens of `permits` or `prohibits`, by type.
#[derive(Debug, Default)]
struct Values {
    usage: BTreeSet<String>,
    user: BTreeSet<String>,
    geo: BTreeSet<String>,
    /// The types that stand there, with tokens or without.
    types: BTreeSet<String>,
}

impl Values {
    /// The usages, where an element lists them.
    fn usage_listed(&self) -> Option<&BTreeSet<String>> {
        self.types.contains("usage").then_some(&self.usage)
    }

    /// By whom and where; evaluated is only where it is one of some places.
    fn conditions(&self, operator: &str) -> Vec<Constraint> {
        let is_country = |code: &String| !RESERVED.contains(&code.as_str());
        let evaluated = operator == "any_of" && self.geo.iter().all(is_country);
        let geo = if evaluated { "territory.processing" } else { "rsl.geo" };
        [("user", "rsl.user", &self.user), ("geo", geo, &self.geo)]
            .into_iter()
            .filter(|(kind, ..)| self.types.contains(*kind))
            .map(|(_, operand, values)| unevaluated(operand, operator, values.iter().cloned()))
            .collect()
    }
}

impl Terms<'_> {
    fn read(&mut self, licence: Node<'_, '_>, reading: &mut Reading) {
        let mut paid = false;
        for child in licence.children().filter(Node::is_element) {
            if child.tag_name().namespace() != Some(NAMESPACE) {
                continue;
            }
            let understood = match child.tag_name().name() {
                "permits" => self.values(child, Side::Permits, reading),
                "prohibits" => self.values(child, Side::Prohibits, reading),
                "payment" => !std::mem::replace(&mut paid, true) && self.payment(child),
                "reporting" => match child.attribute("profile") {
                    Some(profile) => self.owe(DutyKind::Report, profile),
                    None => false,
                },
                "legal" => true,
                _ => false,
            };
            if !understood {
                self.faulty = true;
                reading.ignore(WhyIgnored::Malformed, child.tag_name().name());
            }
        }
    }

    /// Adds the tokens of one element; `false` where they are not understood.
    fn values(&mut self, element: Node<'_, '_>, side: Side, reading: &mut Reading) -> bool {
        let values = match side {
            Side::Permits => &mut self.permits,
            Side::Prohibits => &mut self.prohibits,
        };
        let (kind, text) = (element.attribute("type").unwrap_or_default(), words(element));
        let first = values.types.insert(kind.to_owned());
        let tokens = match kind {
            "usage" => &mut values.usage,
            "user" => &mut values.user,
            "geo" => &mut values.geo,
            _ => return false,
        };
        // What prohibits nothing at all was to prohibit something.
        let says_something = side == Side::Permits || !text.trim().is_empty();
        let mut understood =
            first && says_something && !element.children().any(|child| child.is_element());
        // Commas separated before version 1.0: a prohibition counts all the same.
        let separates = |c: char| c.is_ascii_whitespace() || (c == ',' && side == Side::Prohibits);
        for token in text.split(separates).filter(|token| !token.is_empty()) {
            if token.contains(':') || token.len() > MAX_TEXT {
                reading.ignore(WhyIgnored::UnknownName, token);
                understood &= token.len() <= MAX_TEXT && side == Side::Permits;
            } else if kind == "usage" && covered([token]).is_empty() {
                reading.ignore(WhyIgnored::UnknownName, token);
                understood &= side == Side::Permits;
            } else {
                tokens.insert(token.to_owned());
            }
        }
        understood
    }

    /// What the licence costs; `false` where that is not understood.
    fn payment(&mut self, payment: Node<'_, '_>) -> bool {
        let children = || {
            payment.children().filter(|child| {
                child.is_element() && child.tag_name().namespace() == Some(NAMESPACE)
            })
        };
        let known = ["accepts", "amount", "custom", "standard"];
        let of = |name: &'static str| children().filter(move |child| is(*child, name));
        if children().any(|child| !known.contains(&child.tag_name().name()))
            || known.into_iter().any(|name| of(name).count() > 1)
        {
            return false;
        }
        let price = of("amount").next().map(|amount| {
            let currency = amount.attribute("currency").unwrap_or_default();
            format!("{} {currency}", words(amount).trim())
        });
        let custom = of("custom").next().map(words);
        let mut understood = true;
        for standard in of("standard") {
            understood &= self.on_condition("rsl.standard", words(standard).trim());
        }
        let kind = payment.attribute("type");
        understood &= match kind {
            Some("purchase" | "subscription" | "training" | "crawl" | "use") => {
                // What is paid again and again was paid once by whoever shows one receipt.
                if let Some(again @ ("subscription" | "crawl" | "use")) = kind {
                    understood &= self.on_condition("rsl.payment", again);
                }
                let stated = [kind, price.as_deref(), custom.as_deref()];
                let stated: Vec<&str> = stated.into_iter().flatten().map(str::trim).collect();
                return understood && self.owe(DutyKind::Pay, &stated.join(", "));
            }
            Some("attribution") => self.owe(DutyKind::Attribute, ""),
            Some("free") | None => true,
            Some(other) => self.on_condition("rsl.payment", other),
        };
        // A price that nothing asks for may be asked for after all.
        understood &= price.is_none_or(|price| self.owe(DutyKind::Pay, &price));
        understood && custom.is_none_or(|custom| self.owe(DutyKind::ObtainConsent, custom.trim()))
    }

    /// What is owed: whoever must be asked for a licence is the payee, and where nothing is paid consents.
    fn owed(&self) -> BTreeSet<Duty> {
        let duties = self.duties.clone();
        let Some(server) = self.server else { return duties };
        let payee = Some(server.to_owned());
        let (paid, mut duties): (BTreeSet<Duty>, BTreeSet<Duty>) =
            duties.into_iter().partition(|duty| duty.kind == DutyKind::Pay);
        if paid.is_empty() {
            duties.insert(Duty { payee, ..Duty::new(DutyKind::ObtainConsent) });
        } else {
            duties.extend(paid.into_iter().map(|duty| Duty { payee: payee.clone(), ..duty }));
        }
        duties
    }

    /// Adds a duty; `false` where its terms are too long to be passed on.
    fn owe(&mut self, kind: DutyKind, terms: &str) -> bool {
        let fits = terms.len() <= MAX_TEXT;
        let terms = Some(terms).filter(|terms| fits && !terms.is_empty()).map(str::to_owned);
        self.duties.insert(Duty { terms, ..Duty::new(kind) });
        self.faulty |= !fits;
        fits
    }

    /// Adds a condition that nothing here evaluates; `false` where it is too long to be passed on.
    fn on_condition(&mut self, operand: &str, value: &str) -> bool {
        let fits = value.len() <= MAX_TEXT;
        if fits {
            self.conditions.insert(unevaluated(operand, "as_stated", [value.to_owned()]));
        }
        fits
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Permits,
    Prohibits,
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.tag_name().namespace() == Some(NAMESPACE) && node.tag_name().name() == name
}

/// The text directly inside an element, comments apart.
fn words(element: Node<'_, '_>) -> String {
    element.children().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// The leaves of which these usages cover all or a part; none for a token that is no usage (section 3.4.1.1).
fn covered<'a>(usage: impl IntoIterator<Item = &'a str>) -> BTreeSet<Action> {
    let mut leaves = BTreeSet::new();
    for token in usage {
        match token {
            "ai-all" => {
                leaves.extend(data_mine());
                leaves.insert(Action::Index);
            }
            "ai-index" => leaves.extend([Action::Index]),
            "ai-input" => leaves.extend([Action::InferInput]),
            "ai-train" => leaves.extend(Action::Train.leaves()),
            "all" => {
                leaves.extend(data_mine());
                leaves.extend([Action::Index, Action::Search]);
            }
            "search" => leaves.extend([Action::Index, Action::Search]),
            _ => {}
        }
    }
    leaves
}

/// The leaves that these usages cover wholly, and for which they ask no more than the licence does.
fn granted(usage: &BTreeSet<String>) -> BTreeSet<Action> {
    let has = |token: &str| usage.contains(token);
    let mut leaves = covered(usage.iter().map(String::as_str));
    // An index serves searching or a model; who permits one of them has not permitted the other.
    if !(has("all") || (has("search") && (has("ai-index") || has("ai-all")))) {
        leaves.remove(&Action::Index);
    }
    if !has("all") {
        leaves.remove(&Action::Search);
    }
    leaves
}
