//! JSON values that know where they stand, so that whatever is wrong is named with its place.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use datadeed::Timestamp;
use datadeed::lineage::{ActivityKind, RelationKind, TreeName};
use datadeed::rights::{
    Action, ConflictStrategy, ConsentBasis, DeliveryMethod, DutyKind, EventKind, Purpose,
    VolumeUnit,
};
use datadeed::trust::Role;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::common::date;

/// What is wrong, where, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {what}")]
pub(crate) struct Wrong {
    place: String,
    what: String,
}

/// JSON in which no object has a key twice: of two, one would be ignored.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, serde_json::Error> {
    serde_json::from_slice(bytes).map(|Once(json)| json)
}

struct Once(Json);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values).map(Self)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = access.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some((key, Once(value))) = access.next_entry::<String, Once>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("{key:?} stands here twice")));
            }
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

/// A value and its place, such as `licences[0].rules`.
#[derive(Clone)]
pub(crate) struct Value<'a> {
    json: &'a Json,
    place: String,
}

/// The keys of an object; those that nobody asked for are wrong.
pub(crate) struct Object<'a> {
    map: &'a Map<String, Json>,
    place: String,
    known: RefCell<BTreeSet<&'static str>>,
}

/// A vocabulary whose words stand in the file as they stand in statements.
pub(crate) trait Code: Copy + 'static {
    const WHAT: &str;
    fn all() -> &'static [Self];
    fn text(self) -> &'static str;
}

macro_rules! code {
    ($($name:ty = $what:literal),* $(,)?) => {$(
        impl Code for $name {
            const WHAT: &str = $what;

            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn text(self) -> &'static str {
                self.code()
            }
        }
    )*};
}

code! {
    Action = "action",
    ActivityKind = "kind of step",
    ConflictStrategy = "conflict strategy",
    ConsentBasis = "basis of processing",
    DeliveryMethod = "delivery method",
    DutyKind = "duty",
    EventKind = "event",
    Purpose = "purpose",
    RelationKind = "relation",
    Role = "role",
    VolumeUnit = "unit of volume",
}

/// Words as a sentence lists them.
pub(crate) fn listed<T: Display>(words: impl IntoIterator<Item = T>) -> String {
    words.into_iter().map(|word| word.to_string()).collect::<Vec<_>>().join(", ")
}

impl Wrong {
    /// That this is wrong there.
    pub(crate) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl<'a> Value<'a> {
    /// Amounts by unit.
    pub(crate) fn volumes(&self) -> Result<BTreeMap<VolumeUnit, u64>, Wrong> {
        let read = |(unit, amount): (&'a str, Self)| {
            let unit = Value { json: &Json::from(unit), place: self.place.clone() }.code()?;
            Ok((unit, amount.number()?))
        };
        self.pairs()?.into_iter().map(read).collect()
    }

    /// The whole file.
    pub(crate) fn root(json: &'a Json) -> Self {
        Self { json, place: "the case".into() }
    }

    /// What is wrong here.
    pub(crate) fn wrong(&self, what: impl Into<String>) -> Wrong {
        Wrong::at(&self.place, what)
    }

    fn is_no(&self, what: &str) -> Wrong {
        let found = self.json.to_string();
        let found: String = found.chars().take(60).collect();
        self.wrong(format!("{found} is no {what}"))
    }

    pub(crate) fn is_null(&self) -> bool {
        self.json.is_null()
    }

    pub(crate) fn text(&self) -> Result<&'a str, Wrong> {
        self.json.as_str().ok_or_else(|| self.is_no("text"))
    }

    pub(crate) fn number(&self) -> Result<u64, Wrong> {
        self.json.as_u64().ok_or_else(|| self.is_no("whole number from 0 on"))
    }

    pub(crate) fn boolean(&self) -> Result<bool, Wrong> {
        self.json.as_bool().ok_or_else(|| self.is_no("true or false"))
    }

    pub(crate) fn date(&self) -> Result<Timestamp, Wrong> {
        date::parse(self.text()?).map_err(|error| self.wrong(error.to_string()))
    }

    /// A word of a vocabulary.
    pub(crate) fn code<T: Code>(&self) -> Result<T, Wrong> {
        let text = self.text()?;
        T::all().iter().copied().find(|one| one.text() == text).ok_or_else(|| {
            let all = listed(T::all().iter().map(|one| one.text()));
            self.wrong(format!("{text:?} is no {}; there are: {all}", T::WHAT))
        })
    }

    pub(crate) fn parse<T: FromStr<Err: Display>>(&self) -> Result<T, Wrong> {
        self.text()?.parse().map_err(|error| self.wrong(format!("{error}")))
    }

    /// The tree that a relation is on.
    pub(crate) fn tree(&self) -> Result<TreeName, Wrong> {
        match self.text()? {
            "content" => Ok(TreeName::Content),
            "parts" => Ok(TreeName::Parts),
            other => Err(self.wrong(format!("{other:?} is no tree; there are: content, parts"))),
        }
    }

    /// The members of a list; anything else stands for a list of itself.
    pub(crate) fn items(&self) -> Vec<Self> {
        let Some(list) = self.json.as_array() else { return vec![self.clone()] };
        let at = |(index, json)| Self { json, place: format!("{}[{index}]", self.place) };
        list.iter().enumerate().map(at).collect()
    }

    /// The members of an object whose keys are the writer's own.
    pub(crate) fn pairs(&self) -> Result<Vec<(&'a str, Self)>, Wrong> {
        let map = self.json.as_object().ok_or_else(|| self.is_no("object"))?;
        let at = |(key, json): (&'a String, _)| {
            (key.as_str(), Self { json, place: format!("{}.{key}", self.place) })
        };
        Ok(map.iter().map(at).collect())
    }

    pub(crate) fn is_object(&self) -> bool {
        self.json.is_object()
    }

    pub(crate) fn object(&self) -> Result<Object<'a>, Wrong> {
        let map = self.json.as_object().ok_or_else(|| self.is_no("object"))?;
        Ok(Object { map, place: self.place.clone(), known: RefCell::default() })
    }

    /// A text as it is, anything else as JSON.
    pub(crate) fn raw(&self) -> String {
        self.json.as_str().map_or_else(|| self.json.to_string(), str::to_owned)
    }
}

impl<'a> Object<'a> {
    /// Where it stands.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong with all of it.
    pub(crate) fn wrong(&self, what: impl Into<String>) -> Wrong {
        Wrong::at(&self.place, what)
    }

    /// The value of a key that may be absent.
    pub(crate) fn find(&self, key: &'static str) -> Option<Value<'a>> {
        self.known.borrow_mut().insert(key);
        let place = match self.place.as_str() {
            "the case" => key.to_owned(),
            place => format!("{place}.{key}"),
        };
        self.map.get(key).map(|json| Value { json, place })
    }

    /// The value of a key that must be there.
    pub(crate) fn get(&self, key: &'static str) -> Result<Value<'a>, Wrong> {
        self.find(key).ok_or_else(|| self.wrong(format!("{key:?} is missing")))
    }

    /// The members of a list that may be absent.
    pub(crate) fn all(&self, key: &'static str) -> Vec<Value<'a>> {
        self.find(key).map(|value| value.items()).unwrap_or_default()
    }

    /// What `read` makes of a key that may be absent.
    pub(crate) fn map<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Value<'a>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        self.find(key).map(|value| read(&value)).transpose()
    }

    /// What `read` makes of each member of a list that may be absent.
    pub(crate) fn collect<T, C: FromIterator<T>>(
        &self,
        key: &'static str,
        read: impl FnMut(&Value<'a>) -> Result<T, Wrong>,
    ) -> Result<C, Wrong> {
        self.all(key).iter().map(read).collect()
    }

    pub(crate) fn date(&self, key: &'static str) -> Result<Option<Timestamp>, Wrong> {
        self.map(key, Value::date)
    }

    pub(crate) fn text(&self, key: &'static str) -> Result<Option<&'a str>, Wrong> {
        self.map(key, Value::text)
    }

    pub(crate) fn owned(&self, key: &'static str) -> Result<Option<String>, Wrong> {
        Ok(self.text(key)?.map(str::to_owned))
    }

    /// Once all keys were asked for: no other is there.
    pub(crate) fn close(&self) -> Result<(), Wrong> {
        let known = self.known.borrow();
        match self.map.keys().find(|key| !known.contains(key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let known = listed(known.iter());
                Err(self.wrong(format!("{key:?} is no key here; there are: {known}")))
            }
        }
    }
}
