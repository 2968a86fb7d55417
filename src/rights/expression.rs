//! SPDX licence expressions: `OR` takes the best branch, `AND` all of them.
//!
//! The `spdx` crate parses (SPDX 2.3 annex D, strictly: case-sensitive
//! identifiers of the SPDX list or `LicenseRef-`); what a licence says is
//! decided by [`table`](super::table) alone, which has `LicenseRef-`
//! identifiers of its own and no others.

use std::time::Duration;

use spdx::expression::{ExprNode, Operator};
use spdx::{AdditionItem, LicenseItem, LicenseReq};

use super::outcome::Outcome;
use super::table::{CureFrom, PublicLicence, Revocation, find, named};
use super::{Missing, Reason};
use crate::limits::MAX_EXPRESSION;
use crate::timestamp::Timestamp;

/// A licence, or what joins the two before it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    /// What its text says; `None` where nobody here knows.
    Licence(Option<&'static PublicLicence>),
    Operator(Operator),
}

impl Node {
    fn of(node: &ExprNode) -> Self {
        match node {
            ExprNode::Req(req) => Self::Licence(row(&req.req)),
            ExprNode::Op(operator) => Self::Operator(*operator),
        }
    }
}

/// An expression, parsed once for all that is asked of it.
#[derive(Clone, Debug)]
pub(crate) enum Terms {
    /// `NONE`, SPDX 2.3 section 7.13: no licence at all, so nothing is granted.
    Nothing,
    /// In postfix order.
    Parsed(Vec<Node>),
    /// `NOASSERTION`, and what is no expression.
    Unknown,
}

impl Terms {
    pub(super) fn parse(expression: &str) -> Self {
        match expression {
            "NONE" => Self::Nothing,
            "NOASSERTION" => Self::Unknown,
            _ => parse(expression).map_or(Self::Unknown, |parsed| {
                Self::Parsed(parsed.iter().map(Node::of).collect())
            }),
        }
    }

    /// Whether an `OR` stands in it.
    pub(super) fn has_choice(&self) -> bool {
        match self {
            Self::Nothing | Self::Unknown => false,
            Self::Parsed(parsed) => {
                parsed.iter().any(|node| matches!(node, Node::Operator(Operator::Or)))
            }
        }
    }

    /// What the parts come to, each row evaluated by `evaluate`.
    pub(super) fn evaluate(
        &self,
        evaluate: impl FnMut(&'static PublicLicence) -> Outcome,
    ) -> Outcome {
        match self {
            Self::Nothing => Outcome::deny(Reason::NoGrant),
            Self::Parsed(parsed) => postfix(parsed, evaluate),
            Self::Unknown => Outcome::unknown(Missing::Licence),
        }
    }
}

/// Postfix, so one stack and no recursion.
fn postfix(
    parsed: &[Node],
    mut evaluate: impl FnMut(&'static PublicLicence) -> Outcome,
) -> Outcome {
    let mut stack: Vec<Outcome> = Vec::new();
    for node in parsed {
        let outcome = match node {
            Node::Licence(Some(licence)) => evaluate(licence),
            Node::Licence(None) => Outcome::unknown(Missing::Licence),
            Node::Operator(operator) => {
                let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
                    return Outcome::unknown(Missing::Licence);
                };
                match operator {
                    Operator::And => left.meet(right),
                    Operator::Or => left.best(right),
                }
            }
        };
        stack.push(outcome);
    }
    match (stack.pop(), stack.is_empty()) {
        (Some(outcome), true) => outcome,
        _ => Outcome::unknown(Missing::Licence),
    }
}

/// What the texts in an expression say of a breach that was cured, each of which has to count it as none.
pub(super) struct Cures(Option<Vec<&'static PublicLicence>>);

impl Cures {
    /// Of an expression with a licence that nobody here knows: none.
    pub(super) fn of(expression: &str) -> Self {
        Self(parse(expression).and_then(|parsed| {
            parsed.requirements().map(|one| row(&one.req)).collect::<Option<Vec<_>>>()
        }))
    }

    /// Whether a breach from `from` that was cured at `cured` counts as none.
    ///
    /// A text that says nothing of breaches has nothing that a cure would come too late for. Texts that count from
    /// a first notice reinstate after no other (`is_first`), and "prior to" the end of the days; the others
    /// "within" them.
    pub(super) fn reinstate(&self, from: Timestamp, cured: Timestamp, is_first: bool) -> bool {
        let in_time = |row: &PublicLicence| {
            row.breach.is_none_or(|breach| {
                breach.cure.is_some_and(|cure| {
                    let days = Duration::from_secs(u64::from(cure.days).saturating_mul(86_400));
                    let end = from.saturating_add(days);
                    match cure.from {
                        CureFrom::Discovery => cured <= end,
                        CureFrom::FirstNotice => is_first && cured < end,
                    }
                })
            })
        };
        self.0.as_ref().is_some_and(|rows| rows.iter().all(|row| in_time(row)))
    }
}

/// Whether every licence of the expression is a public one of the table.
pub(super) fn is_public(expression: &str) -> bool {
    parse(expression).is_some_and(|parsed| parsed.requirements().all(|req| row(&req.req).is_some()))
}

/// Whether every licence of the expression says that it is irrevocable.
pub(super) fn is_irrevocable(expression: &str) -> bool {
    parse(expression).is_some_and(|parsed| {
        parsed
            .requirements()
            .all(|req| row(&req.req).is_some_and(|row| row.revocation() == Revocation::Irrevocable))
    })
}

pub(super) fn parse(expression: &str) -> Option<spdx::Expression> {
    if expression.len() > MAX_EXPRESSION {
        return None;
    }
    spdx::Expression::parse_mode(expression, spdx::ParseMode::STRICT).ok()
}

/// `+` (or any later version) includes this version, whose row decides.
fn row(req: &LicenseReq) -> Option<&'static PublicLicence> {
    let id = match &req.license {
        LicenseItem::Spdx { id, .. } => id.name,
        // With the name of a document before it, it is that document's own.
        LicenseItem::Other(other) => {
            return named(&other.to_string()).filter(|_| req.addition.is_none());
        }
    };
    let exception = match &req.addition {
        None => "",
        Some(AdditionItem::Spdx(exception)) => exception.name,
        Some(AdditionItem::Other(_)) => return None,
    };
    find(id, exception)
}
