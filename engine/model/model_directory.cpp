#include "engine/model/model_directory.hpp"

#include <system_error>
#include <utility>

#include "engine/checkpoint/gguf_file.hpp"
#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/gguf_config.hpp"
#include "engine/model/gguf_tokenizer.hpp"
#include "engine/model/gguf_weights.hpp"
#include "engine/text/chat_template.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::model {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// Returns the last component of a path, also of "models/gpt2/" and "."; a file's without its
/// ending.
std::string name_of(const fs::path& path) {
  std::error_code ignored;
  const fs::path whole = fs::canonical(path, ignored);
  return (is_file(path) ? whole.stem() : whole.filename()).string();
}

/// Returns a GGUF file in a folder, the first by name; empty where there is none.
fs::path gguf_file_in(const fs::path& folder) {
  fs::path first;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path& file = entry.path();
    if (file.extension() == ".gguf" && (first.empty() || file < first)) first = file;
  }
  return first;
}

void require_model(const fs::path& path) {
  std::error_code ignored;
  if (is_file(path)) return;
  if (!fs::is_directory(path, ignored)) {
    throw core::Error(
        {.what = "cannot open the model",
         .found = path.string(),
         .expected = "a folder with config.json and model.safetensors, or a GGUF file",
         .remedy = "name a Hugging Face directory of a known family: " + family_names()});
  }
  const fs::path file = is_model(path) ? fs::path() : gguf_file_in(path);
  if (!file.empty()) {
    throw core::Error({.what = "no config.json in " + path.string(),
                       .found = file.filename().string(),
                       .expected = "a Hugging Face directory, or the GGUF file itself",
                       .remedy = "name " + file.string()});
  }
}

/// Reads a tokenizer into `loaded`, or why it cannot be used.
template <typename Read>
void take_tokenizer(const Read& read, LoadedModel& loaded) {
  try {
    if (std::optional<text::Tokenizer> tokenizer = read()) {
      loaded.tokenizer = std::make_shared<const text::Tokenizer>(std::move(*tokenizer));
    }
  } catch (const text::UnsupportedTokenizer& problem) {
    loaded.tokenizer_problem = problem.what();
  }
}

/// A model's configuration, and its weights before they are copied.
struct StoredModel {
  ModelConfig config;
  checkpoint::Checkpoint weights;
  checkpoint::WeightDtype dtype = checkpoint::WeightDtype::as_stored;
};

StoredModel read_directory(const fs::path& directory, checkpoint::WeightDtype dtype,
                           LoadedModel& loaded) {
  ModelConfig config = read_model_config(directory);
  take_tokenizer([&] { return text::Tokenizer::open(directory); }, loaded);
  return {std::move(config), checkpoint::read_checkpoint(directory), dtype};
}

StoredModel read_gguf(const fs::path& path, checkpoint::WeightDtype dtype, LoadedModel& loaded) {
  const auto file = std::make_shared<const checkpoint::GgufFile>(checkpoint::GgufFile::open(path));
  ModelConfig config = read_gguf_config(*file);
  take_tokenizer([&] { return read_gguf_tokenizer(*file); }, loaded);
  const bool in_blocks = dtype == checkpoint::WeightDtype::as_stored;
  checkpoint::Checkpoint weights =
      gguf_checkpoint(file, config, in_blocks ? BlockUse::as_stored : BlockUse::as_numbers);
  return {std::move(config), std::move(weights), gguf_dtype(*file, dtype)};
}

/// Adds the tokens that end a text and are not in the model's own files: the tokenizer's where
/// those name none, and the one with which the chat template ends what one side says.
void add_ends(const text::Tokenizer& tokenizer, ModelConfig& config) {
  const auto add = [&](int token) {
    if (token < config.vocabulary && !config.ends_text(token)) config.ends_of_text.push_back(token);
  };
  if (config.ends_of_text.empty()) {
    for (const int token : tokenizer.end_tokens()) add(token);
  }
  const auto end = tokenizer.end_token();
  const std::string_view end_text = end ? tokenizer.bytes_of(*end) : std::string_view();
  const std::string_view turn_text = text::end_of_turn(tokenizer.chat_template(), end_text);
  if (turn_text.empty()) return;
  const std::vector<int> turn = tokenizer.encode(turn_text);
  if (turn.size() == 1) add(turn.front());
}

}  // namespace

const text::Tokenizer& tokenizer_of(const LoadedModel& model) {
  if (model.tokenizer) return *model.tokenizer;
  if (!model.tokenizer_problem.empty()) throw core::Error(model.tokenizer_problem);
  throw core::Error({.what = "model " + model.name + " has no tokenizer files",
                     .expected =
                         "vocab.json and merges.txt, or tokenizer.json, beside its weights, "
                         "or a vocabulary in its GGUF file",
                     .remedy = "fetch them, or give --tokens where the command takes it"});
}

bool is_model(const fs::path& path) {
  return is_file(path / "config.json") || (path.extension() == ".gguf" && is_file(path));
}

std::optional<text::Tokenizer> read_tokenizer(const fs::path& path) {
  if (!is_file(path)) return text::Tokenizer::open(path);
  return read_gguf_tokenizer(checkpoint::GgufFile::open(path));
}

LoadedModel open_model(const fs::path& path, checkpoint::WeightDtype dtype,
                       const ModelOptions& options, const core::ProgressSink& progress) {
  require_model(path);
  LoadedModel loaded;
  loaded.name = name_of(path);
  loaded.directory = path;
  StoredModel stored =
      is_file(path) ? read_gguf(path, dtype, loaded) : read_directory(path, dtype, loaded);
  if (loaded.tokenizer) add_ends(*loaded.tokenizer, stored.config);
  loaded.model = std::make_shared<const Model>(std::move(stored.config), stored.weights,
                                               stored.dtype, options, progress);
  return loaded;
}

}  // namespace sketchscope::model
