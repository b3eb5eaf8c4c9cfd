#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// What a window can open: a model directory, a saved run, a text that becomes the prompt, a folder
/// of results.
enum class OpenableKind : std::uint8_t { model, run, text, study };

/// "model", "run", "text", "study".
std::string_view openable_name(OpenableKind kind);
std::optional<OpenableKind> openable_of(std::string_view name);

/// What lies at a path, by its looks: a directory with a config.json (or a file in one), one with
/// a study.json, a .scope file, a text. Throws Error on anything else, saying what there would have
/// to be.
struct Openable {
  OpenableKind kind = OpenableKind::model;
  std::filesystem::path path;  ///< absolute; of a model its directory

  friend bool operator==(const Openable&, const Openable&) = default;
};
Openable openable_at(const std::filesystem::path& path);

/// A prompt from a file. Throws Error on one that is too long for any model or no text.
std::string read_prompt_file(const std::filesystem::path& file);

/// An entry of a folder, as the picker lists it.
struct FolderEntry {
  std::string name;
  std::optional<OpenableKind> kind;  ///< empty: a folder to go into

  friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};

/// What can be opened or gone into: models, runs, texts, other folders, each by name. Hidden ones
/// and other files are left out. Throws Error on a folder that cannot be read.
std::vector<FolderEntry> list_folder(const std::filesystem::path& folder);

}  // namespace sketchscope
