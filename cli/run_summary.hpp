#pragma once

#include <iosfwd>
#include <string>

#include "engine/measure/continuation.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

/// A number with this many decimals.
std::string decimals(double value, int digits);

/// The figure, and its interval where it has one: "2.888 (2.812 to 2.951)".
std::string text_of(const Estimate& estimate, int digits);

/// One line of a summary for people: a label, then its value in a column of its own.
void print_line(std::ostream& stream, const std::string& label, const std::string& value);

/// How like the full cache's greedy continuations are.
void print_likeness(std::ostream& stream, const LikenessMeans& means);

/// How far the runs moved from the full cache.
void print_divergence(std::ostream& stream, const RunTotals& totals);

/// Memory by category with the saving against the full cache, evictions, divergence and speed.
void print_totals(std::ostream& stream, const RunTotals& totals);

}  // namespace sketchscope
