#include "engine/core/text.hpp"
#include "engine/model/prompt.hpp"
#include "engine/run/pacing.hpp"
#include "engine/study/rendezvous.hpp"
#include "gui/view/evictions.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_typed(std::string_view input) {
  const std::string text(input);
  const auto number = core::parse_number<double>(input);
  if (number) {
    require(core::parse_number<double>(core::number_text(*number)) == number,
            "a number does not come back from its text");
  }
  const auto ids = accepted([&] { return model::parse_token_ids(input); });
  if (ids) {
    for (const int id : *ids) require(id >= 0, "a token below 0");
  }
  const auto until = accepted([&] { return run::parse_breakpoint(input); });
  if (until) {
    require(run::parse_breakpoint(run::breakpoint_text(*until)) == *until,
            "a breakpoint does not come back from its text");
  }
  static_cast<void>(view::parse_eviction_search(input));
  static_cast<void>(study::first_host(text));
  static_cast<void>(accepted([&] {
    return study::rendezvous_of([&](const std::string&) { return std::optional(text); });
  }));
  return number || ids || until;
}

std::vector<std::string> typed_seeds() {
  return {"0.25", "-1e300", "1 2 3", "step 200", "eviction", "position 58", "kl 0.5"};
}

}  // namespace

Target typed_target() {
  return {"typed", "numbers, token ids, breakpoints and searches that a person types", run_typed,
          typed_seeds};
}

}  // namespace sketchscope::fuzz
