#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::model {

/// A model that get_model brings and that then opens by its name.
struct OfferedModel {
  std::string name;
  std::string about;                          ///< what it is, in a few words
  std::filesystem::path file;                 ///< where it lies once it was brought
  std::string bringer = "scripts/get_model";  ///< what brings it, as typed

  /// Returns whether it was brought.
  [[nodiscard]] bool is_there() const;
  /// Returns the command that brings it.
  [[nodiscard]] std::string command() const { return bringer + " " + name; }
};

/// Returns the folder of models that were brought, below $XDG_DATA_HOME or ~/.local/share; empty
/// without a home directory.
[[nodiscard]] std::filesystem::path models_folder();

/// Reads the table of models, assets/models.json, for files in `folder`. They are brought by the
/// script of the checkout that the table belongs to, or by the one that is installed with it.
/// Throws Error on damage.
[[nodiscard]] std::vector<OfferedModel> read_offered_models(const std::filesystem::path& table,
                                                            const std::filesystem::path& folder);

/// Returns what `given` stands for: itself where something lies there or it cannot be a name, else
/// the file of the model of this name. Throws Error with what brings a model that is known but not
/// there, or with the known names.
[[nodiscard]] std::filesystem::path path_of_model(const std::filesystem::path& given,
                                                  const std::vector<OfferedModel>& offered);

}  // namespace sketchscope::model
