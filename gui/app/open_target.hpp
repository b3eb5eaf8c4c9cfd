#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::app {

/// The kinds of paths that the window can open: a model's directory or file, a saved run, a text
/// that becomes the prompt, a folder of results.
enum class OpenTargetKind : std::uint8_t { model, run, text, study };

/// Returns the kind's name: "model", "run", "text" or "study".
std::string_view target_kind_name(OpenTargetKind kind);
std::optional<OpenTargetKind> target_kind_of(std::string_view name);

/// A path and its kind: a directory with a config.json (or a file in one), a .gguf file, a
/// directory with a study.json, a .scope file, or a text. open_target_at() throws Error with the
/// expected kinds on anything else.
struct OpenTarget {
  OpenTargetKind kind = OpenTargetKind::model;
  std::filesystem::path path;  ///< absolute; a model's directory or file

  friend bool operator==(const OpenTarget&, const OpenTarget&) = default;
};
OpenTarget open_target_at(const std::filesystem::path& path);

/// Returns what a folder is opened as; empty for one that is only a folder to enter.
std::optional<OpenTargetKind> kind_of_folder(const std::filesystem::path& folder);

/// Reads a prompt. Throws Error if the file is too long or no text.
std::string read_prompt_file(const std::filesystem::path& file);

/// An entry of a folder in the picker.
struct FolderEntry {
  std::string name;
  std::optional<OpenTargetKind> kind;  ///< empty for a folder to enter

  friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};

/// Lists models, runs, texts and folders by name, without hidden and other files. Throws Error if
/// the folder cannot be read.
std::vector<FolderEntry> list_folder(const std::filesystem::path& folder);

}  // namespace sketchscope::app
