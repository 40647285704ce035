//! The `pressroom` command.

use std::process::ExitCode;

// Rendering allocates much and on all threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    pressroom::cli::run()
}
