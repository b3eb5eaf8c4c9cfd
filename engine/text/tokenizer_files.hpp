#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sketchscope {

/// The contents of the tokenizer files of a model directory, with entries as the bytes that they
/// stand for.
struct TokenizerFiles {
  std::string source;                          ///< the file read, for messages
  std::unordered_map<std::string, int> id_of;  ///< vocabulary
  std::vector<std::string> text_of;            ///< by id; empty where the vocabulary has a hole
  std::vector<std::pair<std::string, std::string>> merges;
  std::vector<std::pair<std::string, int>> special_tokens;  ///< matched before all other text
};

/// Reads the first of these that exists: vocab.json with merges.txt, encoder.json with vocab.bpe,
/// tokenizer.json. Returns nullopt if none does; throws Error on a damaged or unsupported file.
std::optional<TokenizerFiles> read_tokenizer_files(const std::filesystem::path& directory);

}  // namespace sketchscope
