#include "engine/study/grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/byte_budget.hpp"

namespace sketchscope::study {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 7> kGridKeys = {"name",      "question", "base", "blocks",
                                                       "baselines", "quick",    "full"};
// File systems allow names of 255 bytes, and a result file's name gets an ending.
constexpr std::size_t kNameMaximum = 240;
constexpr std::size_t kMostCombinations = 20'000;

[[noreturn]] void refuse(const std::string& source, const std::string& what, const Json& found,
                         const std::string& expected) {
  throw core::UsageError(
      {.what = source + ": " + what, .found = found.dump(), .expected = expected});
}

// Puts the source of the grid before the message of a UsageError that `call` throws, since the
// knobs know nothing of grids.
template <typename Call>
auto with_source(const std::string& source, const Call& call) {
  try {
    return call();
  } catch (const core::UsageError& error) {
    throw core::UsageError(source + ": " + error.what());
  }
}

// Finds a knob that a study may vary. Knobs of sampling and branching are refused, since a study
// continues texts greedily; `seed` may vary, since the policy `random` takes its scores from it.
const settings::KnobInfo& varied_knob(const std::string& source, const std::string& name) {
  const settings::KnobInfo& knob = *with_source(source, [&] { return &settings::knob_info(name); });
  const bool of_cache =
      knob.group == settings::KnobGroup::cache || knob.group == settings::KnobGroup::sketch;
  if (of_cache || name == "seed") return knob;
  throw core::UsageError({.what = source + ": knob of a grid",
                          .found = "'" + name + "'",
                          .expected = "one of cache or sketch: a study continues greedily"});
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void set_from(const std::string& source, settings::Knobs& knobs, const std::string& name,
              const Json& value) {
  const settings::KnobInfo& knob = varied_knob(source, name);
  if (value.is_structured()) {
    refuse(source, "knob " + name, value,
           R"(a value, a list of values, or {"share": 0.25, "of": "max_cache_size"})");
  }
  with_source(source, [&] { settings::set_knob(knobs, knob.name, text_of(value)); });
}

// Sets a knob to a share of another knob, rounded.
void set_share(const std::string& source, settings::Knobs& knobs, const std::string& name,
               const Json& value) {
  const bool formed = value.size() == 2 && value.contains("share") && value.contains("of") &&
                      value["share"].is_number() && value["of"].is_string();
  if (!formed) refuse(source, "knob " + name, value, R"({"share": number, "of": "knob"})");
  const settings::KnobInfo& other = varied_knob(source, value["of"].get<std::string>());
  const auto* whole = std::get_if<int settings::Knobs::*>(&other.field);
  if (whole == nullptr)
    refuse(source, "knob " + name, value, "a share of a knob that is a whole number");
  const auto share = std::lround(value["share"].get<double>() * knobs.*(*whole));
  set_from(source, knobs, name, Json(share));
}

constexpr std::string_view kBytesOfCapacity = "bytes_of_capacity";

// Sets the capacity that fits into the bytes that the policy `window` takes with `value` slots.
void set_capacity_in_bytes(const std::string& source, settings::Knobs& knobs,
                           const model::ModelConfig& model, const Json& value) {
  // The comparison is with the policy that stores keys and values alone, so no summary may count.
  settings::Knobs window = knobs;
  window.policy = "window";
  window.read = "full";
  set_from(source, window, "max_cache_size", value);
  const std::size_t bytes = settings::lane_bytes(model, window).at(window.max_cache_size);
  knobs.max_cache_size =
      with_source(source, [&] { return settings::capacity_within(model, knobs, bytes); });
}

// Returns `base` changed by each combination of a block's values.
std::vector<settings::Knobs> expand(const std::string& source, const settings::Knobs& base,
                                    const Json& block, const model::ModelConfig& model) {
  if (!block.is_object()) refuse(source, "block", block, "an object of knobs");
  std::vector<settings::Knobs> combinations = {base};
  const auto combine = [&](const std::string& name, const Json& value, const auto& set) {
    const Json values = value.is_array() ? value : Json::array({value});
    if (values.empty()) refuse(source, "knob " + name, value, "at least one value");
    if (values.size() > kMostCombinations / combinations.size()) {
      refuse(source, "knob " + name, value,
             "at most " + std::to_string(kMostCombinations) + " combinations in a block");
    }
    std::vector<settings::Knobs> next;
    for (const settings::Knobs& knobs : combinations) {
      for (const Json& one : values) {
        next.push_back(knobs);
        set(next.back(), one);
      }
    }
    combinations = std::move(next);
  };
  for (const auto& [name, value] : block.items()) {
    if (name == "name" || name == kBytesOfCapacity || value.is_object()) continue;
    combine(name, value, [&, &knob = name](settings::Knobs& knobs, const Json& one) {
      set_from(source, knobs, knob, one);
    });
  }
  // The bytes of a slot depend on the other knobs, so these have to be set by now.
  if (block.contains(kBytesOfCapacity)) {
    if (block.contains("max_cache_size")) {
      refuse(source, "block with bytes_of_capacity", block, "no max_cache_size beside it");
    }
    combine(std::string(kBytesOfCapacity), block[std::string(kBytesOfCapacity)],
            [&](settings::Knobs& knobs, const Json& one) {
              set_capacity_in_bytes(source, knobs, model, one);
            });
  }
  // Shares come last, since they are of values that the block may set.
  for (const auto& [name, value] : block.items()) {
    if (!value.is_object()) continue;
    varied_knob(source, name);
    for (settings::Knobs& knobs : combinations) set_share(source, knobs, name, value);
  }
  return combinations;
}

// Returns the knobs in which the configurations differ, in the order of the knob table.
std::vector<const settings::KnobInfo*> varying(std::span<const settings::Knobs> all) {
  std::vector<const settings::KnobInfo*> knobs;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    const bool alike = std::ranges::all_of(all, [&](const settings::Knobs& one) {
      return settings::same_value(one, all.front(), knob);
    });
    if (!alike) knobs.push_back(&knob);
  }
  return knobs;
}

// Returns a configuration's name, such as "policy=sketch,max_cache_size=64".
std::string name_of(const settings::Knobs& knobs, std::span<const settings::KnobInfo* const> varied,
                    std::string name) {
  for (const settings::KnobInfo* knob : varied) {
    name += (name.empty() ? "" : ",") + std::string(knob->name) + "=" +
            settings::knob_text(knobs, *knob);
  }
  return name.empty() ? "policy=" + knobs.policy.name() : name;
}

// Adds configurations to a grid under names of their own.
class Builder {
 public:
  Builder(const std::string& source, Grid& grid) : source_(source), grid_(grid) {}

  // An empty `baseline` adds configurations of the blocks.
  void add(const std::string& baseline, const std::vector<settings::Knobs>& all) {
    const std::vector<const settings::KnobInfo*> varied = varying(all);
    for (const settings::Knobs& knobs : all) {
      std::string name = name_of(knobs, varied, baseline.empty() ? "" : "baseline=" + baseline);
      check(name, knobs);
      if (!names_.insert(name).second) continue;  // Blocks may overlap.
      grid_.configurations.push_back(
          {.name = std::move(name), .baseline = baseline, .knobs = knobs});
    }
  }

 private:
  void check(const std::string& name, const settings::Knobs& knobs) const {
    with_source(source_ + ": " + name, [&] { settings::check_knobs(knobs); });
    const bool lanes_choose = grid_.workload.continues() || grid_.workload.questions > 0;
    if (lanes_choose && knobs.target == settings::TargetKind::logit_kl) {
      throw core::UsageError(
          {.what = source_ + ": " + name + ": knob target",
           .found = "'logit-kl' where lanes choose their own tokens",
           .expected = "a workload of text_tokens alone: no twin is fed the same",
           .remedy = "Leave prompts and questions out, or hold retained-mass"});
    }
    if (name.size() <= kNameMaximum) return;
    throw core::UsageError({.what = source_ + ": name of a result file",
                            .found = std::to_string(name.size()) + " characters (" + name + ")",
                            .expected = "at most " + std::to_string(kNameMaximum),
                            .remedy = "Vary fewer knobs in one grid"});
  }

  const std::string& source_;
  Grid& grid_;
  std::set<std::string> names_;
};

// Returns the part of a block that says how large its caches are. Where it asks for equal bytes,
// these are the window's, at whose capacity the others are measured.
Json sizes_of(const Json& block, const Json& baseline) {
  Json sizes = Json::object();
  for (const char* key : {"max_cache_size", kBytesOfCapacity.data()}) {
    if (block.contains(key)) sizes["max_cache_size"] = block[key];
  }
  const bool own_window = baseline.is_object() && baseline.contains("recent_window");
  if (block.contains("recent_window") && !own_window) {
    sizes["recent_window"] = block["recent_window"];
  }
  return sizes;
}

// Returns the knobs of a baseline. One that evicts and names no capacity is compared at each
// capacity of the blocks.
std::vector<settings::Knobs> baseline_knobs(const std::string& source, const settings::Knobs& knobs,
                                            const Json& grid, const Json& entry,
                                            const model::ModelConfig& model) {
  const Json own = entry.is_object() ? entry : Json::object();
  const bool has_capacity = own.contains("max_cache_size") || own.contains(kBytesOfCapacity);
  const Json blocks = grid.value("blocks", Json::array());
  std::vector<settings::Knobs> all;
  for (const settings::Knobs& one : expand(source, knobs, own, model)) {
    if (has_capacity || !one.policy->evicts || blocks.empty()) {
      all.push_back(one);
      continue;
    }
    for (const Json& block : blocks) {
      const auto sized = expand(source, one, sizes_of(block, entry), model);
      all.insert(all.end(), sized.begin(), sized.end());
    }
  }
  return all;
}

void add_baseline(const std::string& source, const settings::Knobs& base, const Json& grid,
                  const Json& entry, const model::ModelConfig& model, Builder& builder) {
  const bool has_name = entry.is_string() ||
                        (entry.is_object() && entry.contains("name") && entry["name"].is_string());
  if (!has_name) refuse(source, "baseline", entry, R"(a name, or knobs with a "name")");
  const auto name = entry.is_string() ? entry.get<std::string>() : entry["name"].get<std::string>();
  const auto known = std::ranges::find(known_baselines(), name, &BaselineKind::name);
  settings::Knobs knobs = base;
  if (known != known_baselines().end()) {
    for (const auto& [knob, value] : known->knobs) settings::set_knob(knobs, knob, value);
  } else if (entry.is_string()) {
    std::vector<std::string_view> names;
    for (const BaselineKind& kind : known_baselines()) names.push_back(kind.name);
    refuse(source, "unknown baseline", entry, "one of " + core::join(names));
  }
  if (name.empty() || name.find('/') != std::string::npos) {
    refuse(source, "baseline's name", entry, "a word that a file may be called");
  }
  builder.add(name, baseline_knobs(source, knobs, grid, entry, model));
}

const Json& chosen_workload(const Json& json, const std::string& source, Extent extent) {
  const bool quick = json.contains("quick"), full = json.contains("full");
  if (!quick && !full) {
    throw core::UsageError(
        {.what = source + ": grid without a workload", .expected = R"(a "quick" or a "full" one)"});
  }
  const bool wants_full = extent == Extent::full || (extent == Extent::as_given && !quick);
  if (wants_full ? full : quick) return json[wants_full ? "full" : "quick"];
  const std::string missing = wants_full ? "full" : "quick";
  throw core::UsageError({.what = source + ": --" + missing,
                          .found = "no \"" + missing + "\" workload in the grid",
                          .expected = "the workload that is there",
                          .remedy = "Leave --" + missing + " out"});
}

void check_keys(const Json& json, const std::string& source) {
  if (!json.is_object()) refuse(source, "grid", json.type_name(), "a JSON object");
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(kGridKeys, key) != kGridKeys.end()) continue;
    const auto like = core::nearest(key, {kGridKeys.begin(), kGridKeys.end()});
    throw core::UsageError({.what = source + ": unknown key of a grid",
                            .found = "'" + key + "'",
                            .expected = "one of those there are, nearest: " + core::join(like),
                            .remedy = "Knobs stand in \"base\" or in \"blocks\""});
  }
}

std::string text_at(const Json& json, const char* key, std::string_view otherwise) {
  return json.contains(key) && json[key].is_string() ? json[key].get<std::string>()
                                                     : std::string(otherwise);
}

}  // namespace

std::span<const BaselineKind> known_baselines() {
  static const std::array<BaselineKind, 4> kinds = {{
      {"full", "the whole cache, exactly", {{"policy", "full"}}},
      {"window", "sinks and the most recent positions", {{"policy", "window"}}},
      {"int8", "the whole cache, stored in 8 bits", {{"policy", "full"}, {"kv", "int8"}}},
      {"int4", "the whole cache, stored in 4 bits", {{"policy", "full"}, {"kv", "int4"}}},
  }};
  return kinds;
}

Grid grid_from_json(const Json& json, std::string_view source_name, Extent extent,
                    const model::ModelConfig& model) {
  const std::string source(source_name);
  check_keys(json, source);
  Grid grid{.name = text_at(json, "name", source),
            .question = text_at(json, "question", "What does each configuration cost and keep?"),
            .workload = workload_from_json(chosen_workload(json, source, extent), source),
            .source = json};
  settings::Knobs base;
  if (json.contains("base")) {
    const std::vector<settings::Knobs> bases = expand(source, base, json["base"], model);
    if (bases.size() > 1) refuse(source, "base", json["base"], "one value a knob");
    base = bases.front();
  }
  Builder builder(source, grid);
  std::vector<settings::Knobs> of_blocks;
  for (const Json& block : json.value("blocks", Json::array())) {
    const auto all = expand(source, base, block, model);
    of_blocks.insert(of_blocks.end(), all.begin(), all.end());
  }
  builder.add("", of_blocks);
  for (const Json& entry : json.value("baselines", Json::array())) {
    add_baseline(source, base, json, entry, model, builder);
  }
  if (grid.configurations.empty()) {
    throw core::UsageError({.what = source + ": grid without configurations",
                            .expected = R"("blocks" of knobs, or "baselines")"});
  }
  return grid;
}

}  // namespace sketchscope::study
