#include "cli/own_words.hpp"

#include <sstream>

#include "engine/core/files.hpp"

namespace sketchscope::cli {

std::vector<std::string> words_of(const std::string& file) {
  std::istringstream bytes(core::read_file(file));
  std::vector<std::string> words;
  for (std::string word; std::getline(bytes, word, '\0');) words.push_back(word);
  return words;
}

std::vector<std::string> own_words() {
  return words_of("/proc/self/cmdline");
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace sketchscope::cli
