#pragma once

#include <string>
#include <vector>

namespace sketchscope::cli {

/// Splits a file into words that are each terminated by a zero byte, as those below /proc are.
std::vector<std::string> words_of(const std::string& file);

/// Returns the words of this process's command line.
std::vector<std::string> own_words();

/// Returns the words as starting a program takes them: with a null pointer at the end.
std::vector<char*> pointers_to(std::vector<std::string>& words);

}  // namespace sketchscope::cli
