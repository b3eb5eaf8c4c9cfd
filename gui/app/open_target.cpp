#include "gui/app/open_target.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kNames = {"model", "run", "text", "study"};
// Much more than any context holds; a larger file was probably dropped by mistake.
constexpr std::uintmax_t kLongestPrompt = 1 << 20;

/// Returns the kind of a file by its name.
std::optional<OpenTargetKind> kind_of_file(const fs::path& file) {
  if (file.extension() == ".scope") return OpenTargetKind::run;
  if (model::is_model(file)) return OpenTargetKind::model;
  constexpr std::array kTexts = {".txt", ".md", ".text"};
  if (std::ranges::find(kTexts, file.extension()) != kTexts.end()) return OpenTargetKind::text;
  return std::nullopt;
}

/// Returns whether a file is part of a model and so stands for its directory.
bool belongs_to_model(const fs::path& file) {
  constexpr std::array kEndings = {".json", ".safetensors", ".bin"};
  return std::ranges::find(kEndings, file.extension()) != kEndings.end() &&
         model::is_model(file.parent_path());
}

core::Error cannot_open(const fs::path& path, const std::string& found) {
  return core::Error(
      {.what = "cannot open " + path.string(),
       .found = found,
       .expected =
           "a Hugging Face directory, a GGUF file, a folder of results, a .scope run, or a text",
       .remedy = "Pick another one with Open… (Ctrl O)"});
}

}  // namespace

std::string_view target_kind_name(OpenTargetKind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<OpenTargetKind> target_kind_of(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<OpenTargetKind>(found - kNames.begin());
}

std::optional<OpenTargetKind> kind_of_folder(const fs::path& folder) {
  if (model::is_model(folder)) return OpenTargetKind::model;
  return study::is_study(folder) ? std::optional(OpenTargetKind::study) : std::nullopt;
}

OpenTarget open_target_at(const fs::path& path) {
  std::error_code failed;
  const fs::path whole = fs::weakly_canonical(fs::absolute(path, failed), failed);
  if (failed || !fs::exists(whole, failed)) throw cannot_open(path, "nothing of that name");
  if (fs::is_directory(whole, failed)) {
    if (const auto kind = kind_of_folder(whole)) return {*kind, whole};
    throw cannot_open(path, "a folder without config.json or study.json");
  }
  if (!fs::is_regular_file(whole, failed)) throw cannot_open(path, "neither file nor folder");
  if (belongs_to_model(whole)) return {OpenTargetKind::model, whole.parent_path()};
  return {kind_of_file(whole).value_or(OpenTargetKind::text), whole};
}

std::string read_prompt_file(const fs::path& file) {
  std::error_code failed;
  const std::uintmax_t bytes = fs::file_size(file, failed);
  if (!failed && bytes > kLongestPrompt) {
    throw cannot_open(file, std::to_string(bytes) + " bytes, more than a prompt can have");
  }
  std::string text = core::read_file(file);
  if (text.empty()) throw cannot_open(file, "an empty file");
  if (text.find('\0') != std::string::npos) throw cannot_open(file, "bytes that are no text");
  return text;
}

std::vector<FolderEntry> list_folder(const fs::path& folder) {
  std::error_code failed;
  std::vector<FolderEntry> entries;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.')) continue;
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      entries.push_back({name, kind_of_folder(at->path())});
    } else if (const auto kind = kind_of_file(at->path())) {
      entries.push_back({name, kind});
    }
  }
  if (failed) throw cannot_open(folder, failed.message());
  std::ranges::sort(entries, {}, [](const FolderEntry& entry) {
    const bool models_first = entry.kind != OpenTargetKind::model;
    return std::tuple(models_first, entry.kind.has_value(), entry.name);
  });
  return entries;
}

}  // namespace sketchscope::app
