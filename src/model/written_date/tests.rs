use std::process::Command;

use jiff::fmt::strtime;
use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn resolved(text: &str, zone_name: &str) -> String {
    let written: WrittenDate = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
    written.resolve(&zone(zone_name)).rfc3339()
}

/// As read in New York; what stands in brackets is the source of the shape.
const ACCEPTED: &str = "
    [RFC 3339]
    2024-07-04T09:30:00-04:00 => 2024-07-04T09:30:00-04:00
    2024-07-04t09:30:00z => 2024-07-04T09:30:00Z
    2024-07-04 09:30:00.999999999999+05:30 => 2024-07-04T09:30:00+05:30
    2016-12-31T23:59:60Z => 2016-12-31T23:59:59Z
    2024-07-04T09:30:00-00:00 => 2024-07-04T09:30:00Z
    [Jekyll and its neighbours]
    2023-01-31 17:26:00 -0500 => 2023-01-31T17:26:00-05:00
    2017-7-8 3:46:23 -0400 => 2017-07-08T03:46:23-04:00
    2023-01-31 17:26:00 -4 => 2023-01-31T17:26:00-04:00
    2023-01-31 17:26:00-04 => 2023-01-31T17:26:00-04:00
    2023-01-31 17:26:00 +5:30 => 2023-01-31T17:26:00+05:30
    2023-01-31 17:26:00 UTC => 2023-01-31T17:26:00Z
    2023-01-31 17:26:00gmt => 2023-01-31T17:26:00Z
    2023-01-31 17:26:00 +18:00 => 2023-01-31T17:26:00+18:00
    2023-01-31T17:26+0000 => 2023-01-31T17:26:00Z
    2023-01-31 17:26 -0500 => 2023-01-31T17:26:00-05:00
    [No offset: New York's]
    2023-01-31 17:26 => 2023-01-31T17:26:00-05:00
    2023-07-31 17:26:05,25 => 2023-07-31T17:26:05-04:00
    2023-01-31 => 2023-01-31T00:00:00-05:00
    2023/01/31 => 2023-01-31T00:00:00-05:00
    2023.1.31 => 2023-01-31T00:00:00-05:00
    0001-01-01 00:00 Z => 0001-01-01T00:00:00Z
    [English]
    July 4, 2019 => 2019-07-04T00:00:00-04:00
    4 July 2019 => 2019-07-04T00:00:00-04:00
    Jul 4 2019 => 2019-07-04T00:00:00-04:00
    4 Jul. 2019 => 2019-07-04T00:00:00-04:00
    JULY 4TH, 2019 => 2019-07-04T00:00:00-04:00
    1st sept 2019 => 2019-09-01T00:00:00-04:00
    04-Jul-2019 => 2019-07-04T00:00:00-04:00
    July 4, 2019, 17:26 => 2019-07-04T17:26:00-04:00
    July 4, 2019 17:26:00 Z => 2019-07-04T17:26:00Z
    July 4, 2019 5:30 pm => 2019-07-04T17:30:00-04:00
    July 4, 2019 at 12:05 a.m. -0500 => 2019-07-04T00:05:00-05:00
    4 July 2019 12PM => 2019-07-04T12:00:00-04:00
    Thursday, July 4, 2019 => 2019-07-04T00:00:00-04:00
    [RFC 2822, and what JavaScript's Date prints]
    Thu, 04 Jul 2019 17:26:00 -0400 => 2019-07-04T17:26:00-04:00
    Thu, 4 Jul 2019 17:26 GMT => 2019-07-04T17:26:00Z
    Thu Jul 04 2019 17:26:00 GMT-0400 => 2019-07-04T17:26:00-04:00
";

/// What is written => what is wrong with it => what to write instead.
const REJECTED: &str = "
    tomorrow => `tomorrow` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    Sunday => `Sunday` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    -2024-07-04 => `-2024-07-04` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    4 Juli 2019 => `4 Juli 2019` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    2024-007-04 => `2024-007-04` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    12:30 => `12:30` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    2023-02-30 => February 2023 has 28 days, not 30 => write a date that exists, such as 2023-02-28
    31 June 2024 => June 2024 has 30 days, not 31 => write a date that exists, such as 2024-06-30
    2024-07-00 => July 2024 has no day 0 => write a date that exists, such as 2024-07-01
    2024-13-02 => there is no month 13 => write 2024-02-13 if the month comes last
    2024-13-32 => there is no month 13 => write a month from 01 to 12
    0000-01-01 => there is no year 0000 => write a year from 0001 to 9999
    02/03/2024 => `02/03/2024` can be 2 March or 3 February => write 2024-03-02 or 2024-02-03
    13/02/2024 10:00 => the order of day and month in `13/02/2024` depends on the reader => write 2024-02-13
    4.4.2024 => the order of day and month in `4.4.2024` depends on the reader => write 2024-04-04
    02-30-2024 => February 2024 has 29 days, not 30 => write a date that exists, such as 2024-02-29
    31/02/2024 => February 2024 has 29 days, not 31 => write a date that exists, such as 2024-02-29
    24-07-04 => `24-07-04` has no year of four digits => write the year with four digits, such as 2024-07-04
    4/7/24 => `4/7/24` has no year of four digits => write the year with four digits, such as 2024-07-04
    July 4 '19 => `July 4` has no year of four digits => write the year with four digits, such as 2024-07-04
    4 July => `4 July` has no year of four digits => write the year with four digits, such as 2024-07-04
    2024-07 => `2024-07` has no day => write the day too, such as 2024-07-01
    July 2019 => `July 2019` has no day => write the day too, such as 1 July 2019
    2024 => `2024` has no month and no day => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    1562198400 => `1562198400` looks like seconds since 1970 => write 2019-07-04T00:00:00Z
    1562198400123 => `1562198400123` looks like milliseconds since 1970 => write 2019-07-04T00:00:00Z
    20190704 => `20190704` is a number, not a date => write 2019-07-04
    20199999 => `20199999` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
    Fri, 4 Jul 2019 => 4 July 2019 is a Thursday, not a Friday => write Thursday, or leave the day of the week out
    2024-07-04 25:00 => there is no hour 25 => write the hour as a number from 00 to 23
    2024-07-04 24:00 => there is no hour 24 => write the hour as a number from 00 to 23
    2024-07-04 10:60 => there is no minute 60 => write the minute as a number from 00 to 59
    2024-07-04 10:00:61 => there is no second 61 => write the second as a number from 00 to 59
    2024-07-04 17:26 pm => there is no hour 17 on a clock of 12 hours => write 5:26 pm or 17:26
    2024-07-04 noon => `noon` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
    2024-07-04T => the time of day is missing => write 09:30, 09:30:00 or 09:30:00 -0400
    July 4, 2024 at => the time of day is missing => write 09:30, 09:30:00 or 09:30:00 -0400
    2024-07-04 10 => `10` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
    2024-07-04 10:5 => `10:5` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
    2024-07-04Z => `Z` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
    2024-07-04 -0500 => `-0500` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
    2024-07-04 10:00 EST => `EST` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
    2024-07-04 10:00.5 => `.5` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
    2024-07-04 10:00 +19:00 => `+19:00` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
    2024-07-04 10:00 +0460 => `+0460` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
    2024-07-04 10:00 Z-04 => `Z-04` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
    2024-07-04 10:00 -0400 x => `-0400 x` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
";

fn table(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.contains(" => "));
    rows.map(|row| row.trim().split(" => ").collect()).collect()
}

#[test]
fn every_shape_in_the_manual_is_understood() {
    for row in table(ACCEPTED) {
        assert_eq!(resolved(row[0], "America/New_York"), row[1], "{}", row[0]);
    }
    assert_eq!(
        resolved("\u{a0}2023-1-3\r\n", "UTC"),
        "2023-01-03T00:00:00Z"
    );
    assert_eq!(
        resolved("2023-01-31 17:26 \u{2212}04:00", "UTC"),
        "2023-01-31T17:26:00-04:00"
    );
}

#[test]
fn a_wrong_date_says_what_was_understood_and_what_to_write() {
    for row in table(REJECTED) {
        let error = row[0].parse::<WrittenDate>().expect_err(row[0]);
        let (message, hint) = (error.to_string(), error.hint());
        assert_eq!((message.as_str(), hint), (row[1], row[2]), "{}", row[0]);
    }
    let message = |text: &str| text.parse::<WrittenDate>().unwrap_err().to_string();
    assert_eq!(message(" \n"), "the date is empty");
    assert_eq!(message("a\nb"), "`a b` is not a date");
    let (forty, cut) = ("é".repeat(40), "é".repeat(41));
    assert_eq!(message(&forty), format!("`{forty}` is not a date"));
    assert_eq!(message(&cut), format!("`{forty}…` is not a date"));
}

#[test]
fn a_megabyte_of_anything_is_refused_in_a_short_sentence() {
    for piece in [
        "1",
        "-",
        "a",
        " ",
        "2024-07-04 ",
        "é",
        "July 4, ",
        "10:00:00.0",
        "\u{0}",
    ] {
        for prefix in ["", "x", "2024-07-04 ", "2024-07-04 10:00:00 ", "4 July "] {
            let text = format!("{prefix}{}x", piece.repeat(1_000_000 / piece.len()));
            let error = text.parse::<WrittenDate>().expect_err(piece);
            assert!(error.to_string().chars().count() < 80, "{error}");
            assert!(error.hint().chars().count() < 80, "{error}");
        }
    }
}

#[test]
fn a_time_that_the_clocks_skip_or_repeat_is_settled() {
    let new_york = |text| resolved(text, "America/New_York");
    assert_eq!(new_york("2024-03-10 02:30"), "2024-03-10T03:30:00-04:00");
    assert_eq!(new_york("2024-11-03 01:30"), "2024-11-03T01:30:00-04:00");
    assert_eq!(
        new_york("2024-11-03 01:30 -0500"),
        "2024-11-03T01:30:00-05:00"
    );
}

#[test]
fn a_day_starts_when_its_clocks_start() {
    let cases = [
        ("2024-07-04", "Europe/London", "2024-07-04T00:00:00+01:00"),
        // The clocks went from 00:00 to 01:00.
        (
            "2015-10-18",
            "America/Sao_Paulo",
            "2015-10-18T01:00:00-02:00",
        ),
        (
            "2015-10-18 00:00",
            "America/Sao_Paulo",
            "2015-10-18T01:00:00-02:00",
        ),
        // From 23:30 to 00:30.
        ("1919-03-31", "America/Toronto", "1919-03-31T00:30:00-04:00"),
        // From 01:00 back to 00:00: the first of two midnights.
        ("2024-11-03", "America/Havana", "2024-11-03T00:00:00-04:00"),
        // A day that Samoa left out.
        ("2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"),
    ];
    for (text, zone_name, expected) in cases {
        assert_eq!(resolved(text, zone_name), expected, "{text} in {zone_name}");
    }
}

#[test]
fn offsets_with_seconds_keep_the_instant_and_the_day() {
    let written: WrittenDate = "1960-01-01".parse().unwrap();
    let moment = written.resolve(&zone("Africa/Monrovia"));
    assert_eq!(moment.rfc3339(), "1960-01-01T00:00:30-00:44");
    let again = moment.rfc3339().parse::<WrittenDate>().unwrap();
    let again = again.resolve(&TimeZone::UTC);
    assert_eq!(again.unix_seconds(), moment.unix_seconds());
    assert_eq!(moment.date(), "1960-01-01");
}

#[test]
fn the_ends_of_the_calendar_are_held() {
    assert_eq!(
        resolved("9999-12-31 23:59:59 -18", "UTC"),
        "9999-12-30T04:00:00-18:00"
    );
    assert_eq!(
        resolved("9999-12-31", "America/New_York"),
        "9999-12-30T17:00:00-05:00"
    );
    assert_eq!(
        resolved("9999-12-31", "Pacific/Apia"),
        "9999-12-31T00:00:00+13:00"
    );
    assert_eq!(
        resolved("0001-01-01 00:00 +18", "UTC"),
        "0001-01-01T00:00:00+18:00"
    );
    assert_eq!(Moment::new(i64::MIN, i32::MIN).date(), "0001-01-01");
    assert_eq!(
        Moment::new(i64::MAX, i32::MAX).rfc3339(),
        "9999-12-31T23:59:00+25:59"
    );
}

#[test]
fn the_time_zone_of_the_machine_does_not_matter() {
    // The environment of a running process cannot be changed safely, so the test of all
    // shapes runs again in processes of its own.
    let module = module_path!().split_once("::").unwrap().1;
    let test = format!("{module}::every_shape_in_the_manual_is_understood");
    for machine in ["Asia/Tokyo", "America/Los_Angeles", "nonsense"] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &test])
            .env("TZ", machine)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{machine}: {printed}");
        assert!(printed.contains("1 passed"), "{printed}");
    }
}

/// Texts made of what dates are made of.
fn almost_a_date() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,5}",
        "[-/.:, +TtZ]",
        prop::sample::select(vec![
            "July",
            "Sep.",
            "Thu, ",
            "th",
            " pm",
            "a.m.",
            "UTC",
            "GMT+",
            "2024-",
            "-07-",
            "T09:30",
            " 23:59:60",
            "9999-12-31",
            "0001-01-01",
            "\u{2212}",
            "é",
            "\u{a0}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Patterns of shapes that say a date, a time and an offset.
const SHAPES_IN_FULL: [&str; 10] = [
    "%Y-%m-%dT%H:%M:%S%:z",
    "%Y-%m-%d %H:%M:%S.75 %z",
    "%Y-%-m-%-d %-H:%M:%S%:z",
    "%Y/%-m/%-dt%-I:%M:%S%P %:z",
    "%Y.%m.%d, %H:%M:%S UTC%z",
    "%B %-d, %Y %-H:%M:%S %z",
    "%-dTH %b. %Y at %-I:%M:%S %p %z",
    "%d-%b-%Y %T %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%A %-d %B %Y %T GMT%:z",
];

fn some_day() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=31)
        .prop_map(|(y, m, d)| Date::new(y, m, d).unwrap_or(Date::constant(y, m, 28)))
}

fn some_time() -> impl Strategy<Value = Time> {
    (0_i8..24, 0_i8..60, 0_i8..60).prop_map(|(h, m, s)| Time::constant(h, m, s, 0))
}

fn some_zone() -> impl Strategy<Value = TimeZone> {
    let names = [
        "UTC",
        "America/Sao_Paulo",
        "Asia/Manila",
        "Pacific/Apia",
        "Africa/Monrovia",
    ];
    prop::sample::select(names.map(zone).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_makes_it_panic(text in prop_oneof![any::<String>(), almost_a_date()], zone in some_zone()) {
        match text.parse::<WrittenDate>() {
            Ok(written) => {
                let moment = written.resolve(&zone);
                prop_assert!((1..=9999).contains(&moment.year()));
                prop_assert!(moment.format("%c %G-%V %Z %s").is_ok());
            }
            Err(error) => prop_assert!(!error.hint().is_empty() && !error.to_string().is_empty()),
        }
    }

    #[test]
    fn a_date_means_the_same_in_every_shape(
        day in some_day(), time in some_time(), minutes in prop_oneof![Just(0), Just(-300), -1080_i32..=1080]
    ) {
        let offset = Offset::from_seconds(minutes * 60).unwrap();
        let civil = day.to_datetime(time);
        let at = offset.to_timestamp(civil).unwrap_or(Timestamp::MAX);
        let expected = Moment::new(at.as_second(), minutes * 60);
        let mut parts = strtime::BrokenDownTime::from(civil);
        parts.set_offset(Some(offset));
        for pattern in SHAPES_IN_FULL {
            let shape = parts.to_string(pattern).unwrap();
            let written = shape.parse::<WrittenDate>();
            prop_assert!(written.is_ok(), "{shape}: {written:?}");
            prop_assert_eq!(written.unwrap().resolve(&zone("Asia/Tokyo")), expected, "{}", shape);
        }
    }

    #[test]
    fn a_time_without_offset_is_read_on_the_clocks_of_the_site(
        day in some_day(), time in some_time(), zone in some_zone()
    ) {
        prop_assume!(day < Date::constant(9999, 12, 30));
        let civil = day.to_datetime(time).with().second(0).build().unwrap();
        let expected = civil.to_zoned(zone.clone()).unwrap();
        for pattern in ["%Y-%m-%d %H:%M", "%Y-%-m-%-dT%-H:%M:%S", "%B %-d, %Y %-I:%M %p"] {
            let written = civil.strftime(pattern).to_string().parse::<WrittenDate>().unwrap();
            let moment = written.resolve(&zone);
            let at = expected.timestamp().as_second();
            prop_assert_eq!(moment, Moment::new(at, expected.offset().seconds()));
        }
    }

    #[test]
    fn what_is_written_out_reads_back(seconds: i64, offset in -64_800_i32..=64_800, zone in some_zone()) {
        for moment in [Moment::new(seconds % 300_000_000_000, offset), Moment::in_zone(seconds, &zone)] {
            let text = moment.rfc3339();
            let again = text.parse::<WrittenDate>().unwrap().resolve(&TimeZone::UTC);
            prop_assert_eq!(again.unix_seconds(), moment.unix_seconds(), "{}", &text);
            prop_assert_eq!(again.rfc3339(), text);
        }
    }

    #[test]
    fn a_day_alone_is_that_day_in_its_zone(day in some_day(), zone in some_zone()) {
        let skipped = day == Date::constant(2011, 12, 30);
        prop_assume!(!skipped && day < Date::constant(9999, 12, 30));
        let moment = day.to_string().parse::<WrittenDate>().unwrap().resolve(&zone);
        prop_assert_eq!(moment.date(), day.to_string());
        let before = Moment::in_zone(moment.unix_seconds() - 1, &zone);
        prop_assert!(before.date() < moment.date() || day == Date::constant(1, 1, 1));
    }
}
