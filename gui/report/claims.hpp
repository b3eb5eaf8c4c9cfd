#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/study/findings.hpp"

namespace sketchscope {

/// What a study says to a claim; undecided where other texts might have come out either way.
enum class Verdict : std::uint8_t { held, not_held, undecided, not_measured };

/// Whether a figure lies below a limit: all of its interval where it has one.
Verdict verdict_below(double limit, const Estimate& estimate);

/// A claim of the idea that the program grew from (score cached tokens by a small sketch, keep the
/// top, approximate the rest, and lose little), and what a study says to it.
struct Claim {
  std::string statement;
  Verdict verdict = Verdict::not_measured;
  std::string evidence;  ///< the figures, a sentence
};
std::vector<Claim> check_claims(std::span<const StudyRow> rows);

}  // namespace sketchscope
