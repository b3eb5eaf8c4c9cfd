#include "engine/model/model_directory.hpp"

#include <system_error>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "engine/text/chat_template.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::model {
namespace {

/// Returns the last component of a path, also of "models/gpt2/" and ".".
std::string name_of(const std::filesystem::path& directory) {
  std::error_code ignored;
  const std::filesystem::path whole = std::filesystem::canonical(directory, ignored);
  return whole.filename().string();
}

void require_directory(const std::filesystem::path& directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) {
    throw core::Error(
        {.what = "cannot open the model",
         .found = directory.string(),
         .expected = "a folder with config.json and model.safetensors",
         .remedy = "name a Hugging Face directory of a known family: " + family_names()});
  }
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
  const auto chat = text::find_chat_template(tokenizer.chat_template(), {},
                                             end ? tokenizer.bytes_of(*end) : std::string_view());
  if (!chat) return;
  const std::vector<int> turn = tokenizer.encode(text::end_of_turn(*chat));
  if (turn.size() == 1) add(turn.front());
}

}  // namespace

const text::Tokenizer& tokenizer_of(const LoadedModel& model) {
  if (model.tokenizer) return *model.tokenizer;
  if (!model.tokenizer_problem.empty()) throw core::Error(model.tokenizer_problem);
  throw core::Error({.what = "model " + model.name + " has no tokenizer files",
                     .expected = "vocab.json and merges.txt, or tokenizer.json, beside its weights",
                     .remedy = "fetch them, or give --tokens where the command takes it"});
}

LoadedModel open_model(const std::filesystem::path& directory, checkpoint::WeightDtype dtype,
                       const ModelServices& services, const core::ProgressSink& progress) {
  require_directory(directory);
  ModelConfig config = read_model_config(directory);
  LoadedModel loaded;
  loaded.name = name_of(directory);
  loaded.directory = directory;
  try {
    if (auto tokenizer = text::Tokenizer::open(directory)) {
      add_ends(*tokenizer, config);
      loaded.tokenizer = std::make_shared<const text::Tokenizer>(std::move(*tokenizer));
    }
  } catch (const text::UnsupportedTokenizer& problem) {
    loaded.tokenizer_problem = problem.what();
  }
  const checkpoint::Checkpoint checkpoint = checkpoint::read_checkpoint(directory);
  loaded.model = std::make_shared<const Model>(std::move(config), checkpoint, dtype, services.gemm,
                                               services.device, progress, services.max_context);
  return loaded;
}

}  // namespace sketchscope::model
