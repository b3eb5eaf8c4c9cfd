#pragma once

#include <iosfwd>
#include <string>

#include "engine/measure/continuation.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

/// Formats a number with `digits` decimals.
std::string decimals(double value, int digits);

/// Formats a figure and its interval, if any: "2.888 (2.812 to 2.951)".
std::string text_of(const Estimate& estimate, int digits);

/// Prints one line of a summary: a label and a value in aligned columns.
void print_line(std::ostream& stream, const std::string& label, const std::string& value);

/// Prints the agreement of greedy continuations with the full cache's.
void print_likeness(std::ostream& stream, const LikenessMeans& means);

/// Prints the divergence from the full cache.
void print_divergence(std::ostream& stream, const RunTotals& totals);

/// Prints memory by category, the saving against the full cache, evictions, divergence and speed.
void print_totals(std::ostream& stream, const RunTotals& totals);

}  // namespace sketchscope
