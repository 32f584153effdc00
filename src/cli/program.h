#pragma once

namespace mlprov::cli {

/// The whole program: parses, runs one verb, prints an error as one sentence on standard error.
/// Returns the exit code. Never throws.
int run_program(int argc, const char* const* argv) noexcept;

}  // namespace mlprov::cli
