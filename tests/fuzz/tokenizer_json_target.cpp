#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/core/files.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

using nlohmann::json;

bool run_tokenizer_json(std::string_view input) {
  const InputFile file("tokenizer.json", input);
  const auto tokenizer = accepted([&] { return text::Tokenizer::open(file.path().parent_path()); });
  if (!tokenizer) return false;
  for (const char* text :
       {"The  mill's 12 doors,\n\n<s>caf\xC3\xA9 \xE2\x96\x81</s>", " a\xFF", ""}) {
    check_tokenizer(**tokenizer, text);
  }
  return true;
}

/// Returns the tokenizers of the golden file, with a vocabulary of a few entries.
std::vector<std::string> tokenizer_json_seeds() {
  const json file = core::read_json_object(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) /
                                           "tests/golden/tokenizers/tokenizer_json.json");
  std::vector<std::string> seeds;
  for (const auto& [name, variant] : file.at("variants").items()) {
    json whole = variant;
    for (const char* expected : {"ids", "with_special", "texts", "decoded"}) whole.erase(expected);
    whole["model"]["type"] = "BPE";
    whole["model"]["vocab"] = {{"a", 0}, {"b", 1}, {"ab", 2}, {"<s>", 3}, {"\xE2\x96\x81", 4}};
    whole["model"]["merges"] = {"a b"};
    whole["post_processor"] = nullptr;
    seeds.push_back(whole.dump());
  }
  return seeds;
}

}  // namespace

Target tokenizer_json_target() {
  return {"tokenizer-json", "tokenizer.json", run_tokenizer_json, tokenizer_json_seeds};
}

}  // namespace sketchscope::fuzz
