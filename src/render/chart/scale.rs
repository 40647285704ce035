//! Scales: numbers as places, and the round numbers between them.
//!
//! Only sums, products and roundings, which are the same on every machine.

/// A scale from one round number to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
    /// How many steps of zero the lowest number is.
    first: f64,
}

/// What is smaller is nothing: no number is shown with so many digits.
const SMALLEST: f64 = 1e-9;

/// Steps are these, times a power of ten.
const STEPS: [f64; 4] = [1.0, 2.0, 2.5, 5.0];

impl Scale {
    /// A scale with all these numbers within, and at most about so many steps. `whole`: its steps are
    /// whole numbers.
    pub fn round(low: f64, high: f64, most: usize, whole: bool) -> Self {
        let size = low.abs().max(high.abs());
        // What differs by less is not told apart.
        let (low, high) = if high - low > (size * 1e-9).max(SMALLEST) {
            (low, high)
        } else {
            let around = if size <= SMALLEST { 1.0 } else { size * 0.1 };
            (low - around, high + around)
        };
        let step = step((high - low) / most as f64, whole);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        Self {
            low: first * step,
            high: last * step,
            step,
            first,
        }
    }

    /// A scale from one number to another as they are.
    pub fn exact(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            step: high - low,
            first: 0.0,
        }
    }

    /// Where a number is, from 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The round numbers, from the lowest to the highest.
    pub fn ticks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step).round() as u32;
        let tick = |nth: u32| (self.first + f64::from(nth)) * self.step;
        // Not −0.
        (0..=count).map(|nth| tick(nth) + 0.0).collect()
    }

    /// Digits after the point that tell the round numbers apart.
    pub fn decimals(&self) -> usize {
        let mut scaled = self.step;
        let mut decimals = 0;
        while decimals < 15 && (scaled - scaled.round()).abs() > scaled * 1e-6 {
            scaled *= 10.0;
            decimals += 1;
        }
        decimals
    }
}

/// The smallest step that is not smaller than one.
fn step(at_least: f64, whole: bool) -> f64 {
    let mut power = 1.0_f64;
    while power > at_least {
        power /= 10.0;
    }
    while power * 10.0 <= at_least {
        power *= 10.0;
    }
    if whole && power < 1.0 {
        return 1.0;
    }
    let fits = |step: &f64| *step >= at_least * (1.0 - 1e-9);
    let is_allowed = |step: &f64| !whole || step.fract() == 0.0;
    let steps = STEPS.iter().map(|step| step * power);
    steps.filter(is_allowed).find(fits).unwrap_or(power * 10.0)
}
