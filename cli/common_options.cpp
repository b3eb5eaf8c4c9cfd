#include "cli/common_options.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/embedded_model.hpp"
#include "engine/core/device.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/model/torch/services.hpp"
#include "engine/settings/byte_budget.hpp"

namespace sketchscope {
namespace {

constexpr int kThreadsMaximum = 1024;

/// Returns the value's placeholder in the help text: the unit, or all choices.
std::string placeholder_of(const KnobInfo& knob) {
  if (!knob.choices.empty()) return join(knob.choices, "|");
  return std::holds_alternative<double Knobs::*>(knob.field) ? "X" : "N";
}

std::string title_of(KnobGroup group) {
  switch (group) {
    case KnobGroup::cache:
      return "Knobs of the cache";
    case KnobGroup::sketch:
      return "Knobs of the sketch";
    case KnobGroup::sampling:
      return "Knobs of the sampler";
    case KnobGroup::branching:
      return "Knobs of branching";
  }
  return "Knobs";
}

/// Reads a file of knobs, or a result that has them under "config".
Knobs read_config(const std::filesystem::path& file, const Knobs& base) {
  const auto json = nlohmann::json::parse(read_file(file), nullptr, false);
  if (json.is_discarded()) {
    throw UsageError({.what = file.string(),
                      .found = "text that is not JSON",
                      .expected = R"(an object of knobs such as {"policy": "window"})"});
  }
  try {
    return knobs_from_json(json.is_object() && json.contains("config") ? json["config"] : json,
                           base);
  } catch (const UsageError& error) {
    throw UsageError(file.string() + ": " + error.what());
  }
}

}  // namespace

int CommonOptions::default_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void CommonOptions::declare_model(Flags& flags) {
  flags.group("Model");
  flags.add("--model", model_,
            "Hugging Face directory of a known family (default: the embedded model)");
}

void CommonOptions::declare(Flags& flags, const Knobs& defaults,
                            std::span<const KnobGroup> groups) {
  declare_model(flags);
  flags.add_choice("--device", device_, {"cpu", "cuda"}, "where it runs (default: cpu)");
  flags.add_choice("--dtype", dtype_, names_of<WeightDtype>(),
                   "type of the weights in memory (default: as stored)");
  flags.add("--threads", threads_, {1, kThreadsMaximum}, "threads (default: one per processor)");
  if (groups.empty()) return;
  flags.add("--config", config_, "JSON file of knobs; flags go before it");
  declare_knobs(flags, defaults, groups);
}

void CommonOptions::declare_audit(Flags& flags) {
  flags.group("Run");
  flags.add_choice("--audit", audit_, {"on", "off"},
                   "keep what was evicted, to measure divergence (default: on)");
}

void CommonOptions::declare_json(Flags& flags) {
  flags.group("Output");
  flags.add("--json", json_, "write what was measured to this file; - is standard output");
}

void CommonOptions::declare_max_bytes(Flags& flags) {
  flags.group(title_of(KnobGroup::cache));
  flags.add_reader(
      "--max-bytes", "N",
      [this](const std::string& text) {
        max_bytes_ = parse_number<std::size_t>(text);
        if (!max_bytes_) {
          throw UsageError({.what = "--max-bytes",
                            .found = "'" + text + "'",
                            .expected = "a whole number of bytes"});
        }
      },
      "instead of max_cache_size: the largest capacity with which keys and values, statistics, "
      "sketch and tail summary of one sequence take no more bytes");
}

void CommonOptions::declare_knobs(Flags& flags, const Knobs& defaults,
                                  std::span<const KnobGroup> groups) {
  for (const KnobInfo& knob : knob_table()) {
    if (std::ranges::find(groups, knob.group) == groups.end()) continue;
    flags.group(title_of(knob.group));
    const std::string name(knob.name);
    flags.add_reader(
        flag_of(knob), placeholder_of(knob),
        [this, name](const std::string& text) {
          Knobs checked;
          set_knob(checked, name, text);
          knobs_.emplace_back(name, text);
        },
        std::string(knob.help) + " (default: " + knob_text(defaults, knob) + ")");
  }
}

std::filesystem::path CommonOptions::model_directory() const {
  return model_.empty() ? embedded_model() : model_;
}

std::optional<WeightDtype> CommonOptions::dtype() const {
  return value_named<WeightDtype>(dtype_);
}

ModelServices CommonOptions::services() const {
  ModelServices services = torch_services();
  services.device = device_from(device_);
  return services;
}

LoadedModel CommonOptions::open() const {
  return open(dtype().value_or(WeightDtype::as_stored));
}

LoadedModel CommonOptions::open(WeightDtype dtype) const {
  LoadedModel model = open_model(model_directory(), dtype, services());
  // The embedded model's directory is omitted, so that commands repeat on another machine.
  if (uses_embedded_model()) model.directory.clear();
  return model;
}

LoadedModel CommonOptions::open_directory(const std::filesystem::path& directory,
                                          const ProgressSink& progress) const {
  return open_model(directory, dtype().value_or(WeightDtype::as_stored), services(), progress);
}

Knobs CommonOptions::knobs_given(const Knobs& base) const {
  Knobs knobs = config_.empty() ? base : read_config(config_, base);
  for (const auto& [name, text] : knobs_) set_knob(knobs, name, text);
  return knobs;
}

Knobs CommonOptions::knobs(const Knobs& base) const {
  const Knobs knobs = knobs_given(base);
  check_knobs(knobs);
  return knobs;
}

Knobs CommonOptions::within_max_bytes(const LoadedModel& model, Knobs knobs) const {
  if (max_bytes_) {
    knobs.max_cache_size = capacity_within(model.model->config(), knobs, *max_bytes_);
  }
  check_knobs(knobs);
  return knobs;
}

Knobs CommonOptions::knobs(const LoadedModel& model, const Knobs& base) const {
  const auto is_capacity = [](const auto& knob) { return knob.first == "max_cache_size"; };
  if (max_bytes_ && std::ranges::any_of(knobs_, is_capacity)) {
    throw UsageError({.what = "capacity", .expected = "either --max-bytes or --max-cache-size"});
  }
  return within_max_bytes(model, knobs_given(base));
}

Knobs CommonOptions::knobs_from(const std::filesystem::path& file, const LoadedModel& model,
                                const Knobs& base) const {
  return within_max_bytes(model, read_config(file, base));
}

}  // namespace sketchscope
