#include <nlohmann/json.hpp>

#include "engine/core/files.hpp"
#include "engine/settings/knobs.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_knobs(std::string_view input) {
  const auto knobs = accepted(
      [&] { return settings::knobs_from_json(core::parse_json_object(input, "knobs.json"), {}); });
  if (!knobs) return false;
  require(settings::knobs_from_json(settings::knobs_to_json(*knobs), {}) == *knobs,
          "knobs come back from JSON as others");
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    settings::Knobs again;
    settings::set_knob(again, knob.name, settings::knob_text(*knobs, knob));
    require(settings::same_value(again, *knobs, knob),
            "knob " + std::string(knob.name) + " comes back from its text as another value");
  }
  static_cast<void>(accepted([&] { return settings::check_knobs(*knobs), true; }));
  static_cast<void>(accepted(
      [&] { return settings::check_model(*knobs, support::TinyModelOptions{}.config), true; }));
  return true;
}

std::vector<std::string> knobs_seeds() {
  return {
      settings::knobs_to_json({}).dump(),
      R"({"policy":"window","max_cache_size":"64","kv":"int4","decay":0.99,"budget":"pyramid"})",
      R"({"read":"topk","read_k":8,"target":"retained-mass","target_value":0.95})"};
}

}  // namespace

Target knobs_target() {
  return {"knobs", "a configuration of knobs", run_knobs, knobs_seeds};
}

}  // namespace sketchscope::fuzz
