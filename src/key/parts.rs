//! What a [`Key`] is made of, part by part, to say which of them made a difference.

use std::sync::Arc;

use serde::ser::{self, Impossible, Serialize, SerializeStruct, SerializeTuple, Serializer};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{Key, written};

/// Bytes of the hash of a part. Enough to explain with, though not to rely on: one change in
/// sixteen million is overlooked, and whoever explains says then that it was none of these.
const HASH: usize = 3;

/// The parts of a value by their names, each with a hash: the fields of a struct, and those of
/// structs within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Such as `page.title`, in the order in which they are serialized, each with a line feed.
    pub names: Arc<str>,
    /// A few bytes for each name.
    pub hashes: Box<[u8]>,
}

impl Parts {
    /// The key of a value, which is a struct, and its parts.
    #[must_use]
    pub fn of(value: &impl Serialize) -> (Key, Self) {
        let mut found = Found {
            bytes: Vec::with_capacity(1024),
            ..Found::default()
        };
        found.look(value, &mut None);
        let parts = Self {
            names: found.names.into(),
            hashes: found.hashes.into(),
        };
        (Key::of_bytes(&found.bytes), parts)
    }

    /// The names of those parts that are not the same in both, in order.
    #[must_use]
    pub fn changed<'a>(&'a self, before: &'a Self) -> Vec<&'a str> {
        let hash_in = |parts: &'a Self, name: &str| {
            let at = parts.names.lines().position(|known| known == name)?;
            parts.hashes.get(at * HASH..(at + 1) * HASH)
        };
        let is_new = |name: &&str| hash_in(before, name).is_none();
        let all = before
            .names
            .lines()
            .chain(self.names.lines().filter(is_new));
        all.filter(|name| hash_in(self, name) != hash_in(before, name))
            .collect()
    }
}

#[derive(Default)]
struct Found {
    names: String,
    hashes: Vec<u8>,
    /// The name of what is looked at.
    name: String,
    /// All that was looked at, as the value is written for its key.
    bytes: Vec<u8>,
}

impl Found {
    /// Notes a value under its name, or what it is made of. `part`: where the hash is of what has the
    /// same name, such as the members of a tuple, which are one part.
    fn look<T: Serialize + ?Sized>(&mut self, value: &T, part: &mut Option<usize>) {
        let walk = Walk {
            found: self,
            part,
            options: 0,
        };
        if value.serialize(walk).is_ok() {
            return;
        }
        let start = self.bytes.len();
        self.bytes = written(value, std::mem::take(&mut self.bytes));
        let at = *part.get_or_insert_with(|| {
            self.names.push_str(&self.name);
            self.names.push('\n');
            self.hashes.extend([0; HASH]);
            self.hashes.len() - HASH
        });
        let hash = &mut self.hashes[at..at + HASH];
        let mut before = [0; 8];
        before[..HASH].copy_from_slice(hash);
        let all = xxh3_64_with_seed(&self.bytes[start..], u64::from_le_bytes(before));
        hash.copy_from_slice(&all.to_le_bytes()[..HASH]);
    }
}

/// Walks into structs and tuples; everything else is a part as a whole.
struct Walk<'a> {
    found: &'a mut Found,
    /// Where the hash is of what has this name.
    part: &'a mut Option<usize>,
    /// How many options it is in, none of which is empty.
    options: usize,
}

impl Walk<'_> {
    /// Of a struct or tuple that may be there or not, a key says that it is.
    fn inside(self) -> Self {
        let present = std::iter::repeat_n(1, self.options);
        self.found.bytes.extend(present);
        self
    }
}

/// That a value is a part as a whole.
#[derive(Debug)]
struct Whole;

impl std::fmt::Display for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a part")
    }
}

impl std::error::Error for Whole {}

impl ser::Error for Whole {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

impl SerializeStruct for Walk<'_> {
    type Ok = ();
    type Error = Whole;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        field: &'static str,
        value: &T,
    ) -> Result<(), Whole> {
        let found = &mut *self.found;
        let outer = found.name.len();
        if outer > 0 {
            found.name.push('.');
        }
        found.name.push_str(field);
        found.look(value, &mut None);
        found.name.truncate(outer);
        Ok(())
    }

    fn end(self) -> Result<(), Whole> {
        Ok(())
    }
}

impl SerializeTuple for Walk<'_> {
    type Ok = ();
    type Error = Whole;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Whole> {
        self.found.look(value, self.part);
        Ok(())
    }

    fn end(self) -> Result<(), Whole> {
        Ok(())
    }
}

macro_rules! wholes {
    ($($method:ident($($type:ty),*);)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<(), Whole> { Err(Whole) })*
    };
}

impl<'a> Serializer for Walk<'a> {
    type Ok = ();
    type Error = Whole;
    type SerializeSeq = Impossible<(), Whole>;
    type SerializeTuple = Walk<'a>;
    type SerializeTupleStruct = Impossible<(), Whole>;
    type SerializeTupleVariant = Impossible<(), Whole>;
    type SerializeMap = Impossible<(), Whole>;
    type SerializeStruct = Walk<'a>;
    type SerializeStructVariant = Impossible<(), Whole>;

    wholes! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn is_human_readable(&self) -> bool {
        // As for keys.
        false
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Whole> {
        let options = self.options + 1;
        value.serialize(Walk { options, ..self })
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Whole> {
        Err(Whole)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Whole> {
        Err(Whole)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Whole> {
        Err(Whole)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Whole> {
        Ok(self.inside())
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Whole> {
        Err(Whole)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Whole> {
        Err(Whole)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Whole> {
        Err(Whole)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Whole> {
        Ok(self.inside())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Whole> {
        Err(Whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize, Clone)]
    struct Page {
        title: &'static str,
        image: Option<Image>,
        list: Vec<u32>,
        article: (Key, u32, Image),
    }

    #[derive(serde::Serialize, Clone)]
    struct Image {
        src: &'static str,
    }

    #[test]
    fn what_changed_is_told_by_its_name() {
        let before = Page {
            title: "One",
            image: None,
            list: vec![1],
            article: (Key::of("card"), 1, Image { src: "a.png" }),
        };
        let of = |page: &Page| {
            let (key, parts) = Parts::of(page);
            assert_eq!(key, Key::of(page));
            parts
        };
        let parts = of(&before);
        assert_eq!(&*parts.names, "title\nimage\nlist\narticle\narticle.src\n");
        let mut after = before.clone();
        assert_eq!(of(&after).changed(&parts), [""; 0]);
        after.title = "Two";
        after.article.2.src = "b.png";
        assert_eq!(of(&after).changed(&parts), ["title", "article.src"]);
        after = before.clone();
        after.article.1 = 2;
        assert_eq!(of(&after).changed(&parts), ["article"]);
        // A part that was one and is now several, and the other way.
        after = before.clone();
        after.image = Some(Image { src: "c.png" });
        let with_image = of(&after);
        assert_eq!(with_image.changed(&parts), ["image", "image.src"]);
        assert_eq!(parts.changed(&with_image), ["image.src", "image"]);
    }
}
