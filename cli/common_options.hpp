#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cli/flags.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::cli {

/// The groups of knobs of one sequence, and those of branching in addition.
inline constexpr std::array kSequenceKnobs = {
    settings::KnobGroup::cache, settings::KnobGroup::sketch, settings::KnobGroup::sampling};
inline constexpr std::array kAllKnobs = {settings::KnobGroup::cache, settings::KnobGroup::sketch,
                                         settings::KnobGroup::sampling,
                                         settings::KnobGroup::branching};

/// The options shared by all subcommands that run a model.
class CommonOptions {
 public:
  void declare_model(Flags& flags);
  /// Declares --model, --device, --dtype and --threads; with groups of knobs also --config and the
  /// knobs' flags, whose help shows `defaults`.
  void declare(Flags& flags, const settings::Knobs& defaults = {},
               std::span<const settings::KnobGroup> groups = kSequenceKnobs);
  void declare_audit(Flags& flags);
  void declare_json(Flags& flags);
  /// Declares --max-bytes, which knobs(model) applies.
  void declare_max_bytes(Flags& flags);

  /// Returns the directory given, else the embedded model's.
  [[nodiscard]] std::filesystem::path model_directory() const;
  [[nodiscard]] bool uses_embedded_model() const { return model_.empty(); }
  /// Returns what --device and --max-context say. Throws Error if there is no such device.
  [[nodiscard]] model::ModelOptions model_options() const;
  /// Opens the model on the device given. Throws Error, Cancelled after a requested stop.
  [[nodiscard]] model::LoadedModel open(const std::stop_token& stop) const;
  /// Opens the model with its weights in another type.
  [[nodiscard]] model::LoadedModel open(checkpoint::WeightDtype dtype,
                                        const std::stop_token& stop) const;
  /// Opens another directory on the same device, with weights of the same type. Throws Error.
  [[nodiscard]] model::LoadedModel open_directory(const std::filesystem::path& directory,
                                                  const core::ProgressSink& progress) const;
  /// Returns the weight type given, if any.
  [[nodiscard]] std::optional<checkpoint::WeightDtype> dtype() const;

  /// `base`, changed by the configuration file, then by the flags. Throws UsageError on knobs that
  /// contradict each other.
  [[nodiscard]] settings::Knobs knobs(const settings::Knobs& base = {}) const;
  /// Does the same, with the capacity that fits into --max-bytes for a lane of this model. Throws
  /// UsageError if none fits or a capacity was also given.
  [[nodiscard]] settings::Knobs knobs(const model::LoadedModel& model,
                                      const settings::Knobs& base = {}) const;

  /// Returns `base` changed by a JSON file, with the capacity that fits into --max-bytes.
  [[nodiscard]] settings::Knobs knobs_from(const std::filesystem::path& file,
                                           const model::LoadedModel& model,
                                           const settings::Knobs& base) const;

  [[nodiscard]] bool audit() const { return audit_ == "on"; }
  [[nodiscard]] int threads() const { return threads_; }
  [[nodiscard]] const std::filesystem::path& json() const { return json_; }

 private:
  void declare_knobs(Flags& flags, const settings::Knobs& defaults,
                     std::span<const settings::KnobGroup> groups);
  [[nodiscard]] settings::Knobs knobs_given(const settings::Knobs& base) const;
  [[nodiscard]] settings::Knobs within_max_bytes(const model::LoadedModel& model,
                                                 settings::Knobs knobs) const;

  std::filesystem::path model_;
  std::string device_ = "cpu";
  std::string dtype_;
  int max_context_ = 0;
  int threads_ = default_threads();
  std::filesystem::path config_;
  std::string audit_ = "on";
  std::optional<std::size_t> max_bytes_;
  std::filesystem::path json_;
  std::vector<std::pair<std::string, std::string>> knobs_;  // names and values as given

  static int default_threads();
};

}  // namespace sketchscope::cli
