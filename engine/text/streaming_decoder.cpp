#include "engine/text/streaming_decoder.hpp"

#include <utility>

#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

// A character has at most four bytes, so this many tokens without a whole one hold none.
constexpr std::size_t kMostHeld = 64;

std::vector<int> concatenated(std::vector<int> a, const std::vector<int>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

std::string StreamingDecoder::push(int id) {
  held_.push_back(id);
  std::string whole = tokenizer_->decode(concatenated(given_, held_));
  const bool unfinished = utf8_unfinished_length(whole) > 0 || whole.ends_with("\xEF\xBF\xBD");
  if (whole.size() <= given_text_.size() || (unfinished && held_.size() < kMostHeld)) return {};
  return take(std::move(whole));
}

std::string StreamingDecoder::flush() {
  return held_.empty() ? std::string() : take(tokenizer_->decode(concatenated(given_, held_)));
}

std::string StreamingDecoder::take(std::string whole) {
  std::string text = whole.substr(std::min(given_text_.size(), whole.size()));
  given_ = std::exchange(held_, {});
  given_text_ = tokenizer_->decode(given_);
  return text;
}

}  // namespace sketchscope::text
