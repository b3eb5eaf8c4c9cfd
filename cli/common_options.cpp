#include "cli/common_options.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/json_file.hpp"
#include "cli/shipped_files.hpp"
#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"
#include "engine/model/families/family.hpp"
#include "engine/settings/byte_budget.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kThreadsMaximum = 1024;
constexpr int kContextMaximum = 1 << 30;

/// Returns the value's placeholder in the help text: the unit, or all choices.
std::string placeholder_of(const settings::KnobInfo& knob) {
  if (!knob.choices.empty()) return core::join(knob.choices, "|");
  if (knob.is_text()) return "FORMULA";
  return std::holds_alternative<double settings::Knobs::*>(knob.field) ? "X" : "N";
}

std::string title_of(settings::KnobGroup group) {
  switch (group) {
    case settings::KnobGroup::cache:
      return "Knobs of the cache";
    case settings::KnobGroup::sketch:
      return "Knobs of the sketch";
    case settings::KnobGroup::sampling:
      return "Knobs of the sampler";
    case settings::KnobGroup::branching:
      return "Knobs of branching";
  }
  return "Knobs";
}

/// Reads a file of knobs, or a result that has them under "config".
settings::Knobs read_config(const std::filesystem::path& file, const settings::Knobs& base) {
  const auto json = read_json_file(file, R"(an object of knobs such as {"policy": "window"})");
  try {
    const bool is_result = json.is_object() && json.contains("config");
    return is_result ? settings::recorded_knobs(json["config"], base)
                     : settings::knobs_from_json(json, base);
  } catch (const core::UsageError& error) {
    throw core::UsageError(file.string() + ": " + error.what());
  }
}

}  // namespace

int CommonOptions::default_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void CommonOptions::declare_model(Flags& flags) {
  flags.group("Model");
  flags.add("--model", model_,
            "a Hugging Face directory of family " + model::family_names() +
                ", a GGUF file, or the name of a model that get_model brought (default: "
                "the embedded model)");
}

void CommonOptions::declare(Flags& flags, const settings::Knobs& defaults,
                            std::span<const settings::KnobGroup> groups) {
  declare_model(flags);
  flags.add_choice("--device", device_, {"cpu", "cuda"}, "where it runs (default: cpu)");
  flags.add_choice("--dtype", dtype_, core::names_of<checkpoint::WeightDtype>(),
                   "type of the weights in memory (default: stored; the blocks of a GGUF file "
                   "become f16)");
  flags.add("--max-context", max_context_, {1, kContextMaximum},
            "positions that the model has at most (default: as many as it was trained for); bounds "
            "what twin and audit of a sequence take");
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
  flags.add_output("--json", json_, "write what was measured to this file; - is standard output");
}

void CommonOptions::declare_max_bytes(Flags& flags) {
  flags.group(title_of(settings::KnobGroup::cache));
  flags.add_reader(
      "--max-bytes", "N",
      [this](const std::string& text) {
        max_bytes_ = core::parse_number<std::size_t>(text);
        if (!max_bytes_) {
          throw core::UsageError({.what = "--max-bytes",
                                  .found = "'" + text + "'",
                                  .expected = "a whole number of bytes"});
        }
      },
      "instead of max_cache_size: the largest capacity with which keys and values, statistics, "
      "sketch and tail summary of one sequence take no more bytes");
}

namespace {

// Says what each policy is, since their names are those of papers.
std::string help_of_choices(const settings::KnobInfo& knob) {
  std::string help;
  if (knob.field != settings::KnobField(&settings::Knobs::policy)) return help;
  for (const policy::PolicyKind& kind : policy::policy_kinds()) {
    help += (help.empty() ? ". " : "; ") + std::string(kind.name) + " " + std::string(kind.help);
  }
  return help + "; docs/policies.md has their formulas";
}

}  // namespace

void CommonOptions::declare_knobs(Flags& flags, const settings::Knobs& defaults,
                                  std::span<const settings::KnobGroup> groups) {
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (std::ranges::find(groups, knob.group) == groups.end()) continue;
    flags.group(title_of(knob.group));
    const std::string name(knob.name);
    flags.add_reader(
        settings::flag_of(knob), placeholder_of(knob),
        [this, name](const std::string& text) {
          settings::Knobs checked;
          settings::set_knob(checked, name, text);
          knobs_.emplace_back(name, text);
        },
        std::string(knob.help) + help_of_choices(knob) +
            " (default: " + settings::knob_text(defaults, knob) + ")");
  }
}

std::filesystem::path CommonOptions::model_directory() const {
  return model_.empty() ? embedded_model() : model::path_of_model(model_, offered_models());
}

std::optional<checkpoint::WeightDtype> CommonOptions::dtype() const {
  return core::value_named<checkpoint::WeightDtype>(dtype_);
}

model::ModelOptions CommonOptions::model_options() const {
  model::ModelOptions options{.device = core::device_from(device_)};
  if (max_context_ > 0) options.max_context = max_context_;
  return options;
}

model::LoadedModel CommonOptions::open(const std::stop_token& stop) const {
  return open(dtype().value_or(checkpoint::WeightDtype::as_stored), stop);
}

model::LoadedModel CommonOptions::open(checkpoint::WeightDtype dtype,
                                       const std::stop_token& stop) const {
  const core::ProgressSink until_stopped = [&stop](double) {
    if (stop.stop_requested()) throw core::Cancelled("opening the model was interrupted");
  };
  model::LoadedModel model =
      model::open_model(model_directory(), dtype, model_options(), until_stopped);
  // The embedded model's directory is omitted, so that commands repeat on another machine.
  if (uses_embedded_model()) model.directory.clear();
  return model;
}

model::LoadedModel CommonOptions::open_directory(const std::filesystem::path& directory,
                                                 const core::ProgressSink& progress) const {
  return model::open_model(directory, dtype().value_or(checkpoint::WeightDtype::as_stored),
                           model_options(), progress);
}

settings::Knobs CommonOptions::knobs_given(const settings::Knobs& base) const {
  settings::Knobs knobs = config_.empty() ? base : read_config(config_, base);
  for (const auto& [name, text] : knobs_) settings::set_knob(knobs, name, text);
  const auto is_formula = [](const auto& knob) { return knob.first == "formula"; };
  if (std::ranges::any_of(knobs_, is_formula) && !knobs.policy->takes_formula) {
    throw core::UsageError({.what = "--formula",
                            .found = "policy " + knobs.policy.name() + ", which takes none",
                            .expected = "--policy formula beside it"});
  }
  return knobs;
}

settings::Knobs CommonOptions::knobs(const settings::Knobs& base) const {
  const settings::Knobs knobs = knobs_given(base);
  settings::check_knobs(knobs);
  return knobs;
}

settings::Knobs CommonOptions::within_max_bytes(const model::LoadedModel& model,
                                                settings::Knobs knobs) const {
  if (max_bytes_) {
    knobs.max_cache_size = settings::capacity_within(model.model->config(), knobs, *max_bytes_);
  }
  settings::check_knobs(knobs);
  return knobs;
}

settings::Knobs CommonOptions::knobs(const model::LoadedModel& model,
                                     const settings::Knobs& base) const {
  const auto is_capacity = [](const auto& knob) { return knob.first == "max_cache_size"; };
  if (max_bytes_ && std::ranges::any_of(knobs_, is_capacity)) {
    throw core::UsageError(
        {.what = "capacity", .expected = "either --max-bytes or --max-cache-size"});
  }
  return within_max_bytes(model, knobs_given(base));
}

settings::Knobs CommonOptions::knobs_from(const std::filesystem::path& file,
                                          const model::LoadedModel& model,
                                          const settings::Knobs& base) const {
  return within_max_bytes(model, read_config(file, base));
}

}  // namespace sketchscope::cli
