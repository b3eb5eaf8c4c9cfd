#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/flags.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// The knobs of one sequence, and those of branching with them.
inline constexpr std::array kSequenceKnobs = {KnobGroup::cache, KnobGroup::sketch,
                                              KnobGroup::sampling};
inline constexpr std::array kAllKnobs = {KnobGroup::cache, KnobGroup::sketch, KnobGroup::sampling,
                                         KnobGroup::branching};

/// What every subcommand that runs a model understands.
class CommonOptions {
 public:
  /// --model alone.
  void declare_model(Flags& flags);
  /// --model, --device, --dtype and --threads; where there are groups also --config and their
  /// knobs, whose help names these defaults.
  void declare(Flags& flags, const Knobs& defaults = {},
               std::span<const KnobGroup> groups = kSequenceKnobs);
  /// --audit.
  void declare_audit(Flags& flags);
  /// --json.
  void declare_json(Flags& flags);
  /// --max-bytes, which knobs(model) obeys.
  void declare_max_bytes(Flags& flags);

  /// The directory named, else the embedded model's.
  [[nodiscard]] std::filesystem::path model_directory() const;
  [[nodiscard]] bool uses_embedded_model() const { return model_.empty(); }
  /// What a model is opened with: the device named. Throws Error where it is not there.
  [[nodiscard]] ModelServices services() const;
  /// Opens the model on the device named. Throws Error.
  [[nodiscard]] LoadedModel open() const;
  /// The same with its weights in another type.
  [[nodiscard]] LoadedModel open(WeightDtype dtype) const;
  /// Opens another directory on the same device, with weights of the same type. Throws Error.
  [[nodiscard]] LoadedModel open_directory(const std::filesystem::path& directory,
                                           const ProgressSink& progress) const;
  /// The type named, if one was.
  [[nodiscard]] std::optional<WeightDtype> dtype() const;

  /// `base`, changed by the configuration file, then by the flags. Throws UsageError on knobs that
  /// contradict each other.
  [[nodiscard]] Knobs knobs(const Knobs& base = {}) const;
  /// The same with the capacity that --max-bytes leaves a lane of this model. Throws UsageError
  /// where none fits, or where a capacity was given too.
  [[nodiscard]] Knobs knobs(const LoadedModel& model, const Knobs& base = {}) const;

  /// The knobs of a JSON file over `base`, with the capacity that --max-bytes leaves them.
  [[nodiscard]] Knobs knobs_from(const std::filesystem::path& file, const LoadedModel& model,
                                 const Knobs& base) const;

  [[nodiscard]] bool audit() const { return audit_ == "on"; }
  [[nodiscard]] int threads() const { return threads_; }
  [[nodiscard]] const std::filesystem::path& json() const { return json_; }

 private:
  void declare_knobs(Flags& flags, const Knobs& defaults, std::span<const KnobGroup> groups);
  [[nodiscard]] Knobs knobs_given(const Knobs& base) const;
  [[nodiscard]] Knobs within_max_bytes(const LoadedModel& model, Knobs knobs) const;

  std::filesystem::path model_;
  std::string device_ = "cpu";
  std::string dtype_;
  int threads_ = default_threads();
  std::filesystem::path config_;
  std::string audit_ = "on";
  std::optional<std::size_t> max_bytes_;
  std::filesystem::path json_;
  std::vector<std::pair<std::string, std::string>> knobs_;  // name and text, as given

  static int default_threads();
};

}  // namespace sketchscope
