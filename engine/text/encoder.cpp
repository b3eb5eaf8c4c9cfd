#include "engine/text/encoder.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

constexpr std::string_view kMetaspace = "\xE2\x96\x81";

std::vector<AddedToken> raw_tokens(const TokenizerParts& parts) {
  std::vector<AddedToken> tokens = parts.added_tokens;
  std::erase_if(tokens, [](const AddedToken& token) { return token.normalized; });
  return tokens;
}

/// Returns the tokens that are looked for in the normalized text, themselves normalized.
std::vector<AddedToken> normalized_tokens(const TokenizerParts& parts) {
  std::vector<AddedToken> tokens = parts.added_tokens;
  std::erase_if(tokens, [](const AddedToken& token) { return !token.normalized; });
  for (auto& token : tokens) token.text = run_steps(parts.normalizer, token.text);
  tokens.insert(tokens.end(), parts.normalized_symbols.begin(), parts.normalized_symbols.end());
  return tokens;
}

/// Returns whether no merge makes an entry with Metaspace's mark after another character, so that
/// text can be cut before the mark without changing its ids.
bool can_cut_before_marks(const TokenizerParts& parts) {
  const BytePairOptions& options = parts.options;
  const bool whole_words =
      options.ignore_merges || !options.word_suffix.empty() || !options.continuing_prefix.empty();
  if (options.byte_level || whole_words || !parts.vocabulary.find(kMetaspace)) return false;
  return std::ranges::none_of(parts.merges, [](const EntryMerge& merge) {
    const bool ends_in_mark = merge.left.ends_with(kMetaspace);
    return merge.right.starts_with(kMetaspace) && !ends_in_mark;
  });
}

/// Returns the step that cuts before each run of marks.
PreTokenStep cut_before_marks() {
  return [](PreToken part, const PreTokenUse& use) {
    std::size_t begin = 0;
    for (std::size_t at = part.text.find(kMetaspace, 1); at != std::string_view::npos;
         at = part.text.find(kMetaspace, at + kMetaspace.size())) {
      if (part.text.substr(0, at).ends_with(kMetaspace)) continue;
      use({part.text.substr(begin, at - begin), part.starts_text && begin == 0});
      begin = at;
    }
    use({part.text.substr(begin), part.starts_text && begin == 0});
  };
}

}  // namespace

/// The ids of the words of one text. Most words are repetitions, whose ids are copied from their
/// first occurrence.
class Encoder::Words {
 public:
  /// Ends the way through a text when there are as many ids as wanted. The steps hand words on by
  /// callbacks, so that nothing else leads out of them before the text's end.
  struct Enough {};

  Words(const BytePairModel& model, const Vocabulary& vocabulary, std::size_t most)
      : model_(model), vocabulary_(vocabulary), most_(most) {}

  /// Throws Enough when no more ids are wanted.
  void append(std::string_view word) {
    if (ids_.size() >= most_) throw Enough();
    if (const auto seen = first_.find(word); seen != first_.end()) {
      const auto [begin, end] = seen->second;
      for (std::size_t i = begin; i < end; ++i) ids_.push_back(ids_[i]);
      return;
    }
    const std::size_t begin = ids_.size();
    model_.append_word(vocabulary_, word, ids_);
    first_.emplace(word, std::pair(begin, ids_.size()));
  }
  void append(int id) {
    if (ids_.size() >= most_) throw Enough();
    ids_.push_back(id);
  }

  [[nodiscard]] std::vector<int> take() {
    ids_.resize(std::min(ids_.size(), most_));
    return std::move(ids_);
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  const BytePairModel& model_;
  const Vocabulary& vocabulary_;
  std::size_t most_;
  std::vector<int> ids_;
  std::unordered_map<std::string, std::pair<std::size_t, std::size_t>, Hash, std::equal_to<>>
      first_;
};

Encoder::Encoder(TokenizerParts& parts)
    : model_(parts.vocabulary, parts.merges, parts.options, parts.source),
      raw_tokens_(raw_tokens(parts)),
      normalized_tokens_(normalized_tokens(parts)),
      normalizer_(std::move(parts.normalizer)),
      pre_tokenizer_(std::move(parts.pre_tokenizer)) {
  if (can_cut_before_marks(parts)) pre_tokenizer_.push_back(cut_before_marks());
}

std::vector<int> Encoder::encode(const Vocabulary& vocabulary, std::string_view text,
                                 std::size_t most) const {
  Words words(model_, vocabulary, most);
  try {
    encode_all(text, words);
  } catch (const Words::Enough&) {
    // What follows is not wanted.
  }
  return words.take();
}

void Encoder::encode_all(std::string_view text, Words& words) const {
  raw_tokens_.split(
      text, [&](const AddedToken& token) { words.append(token.id); },
      [&](std::string_view part, std::size_t at) {
        for (std::size_t begin = 0; begin < part.size();) {
          const bool valid = utf8_character_length(part.substr(begin)) > 0;
          const std::string_view run =
              part.substr(begin, utf8_run_length(part.substr(begin), valid));
          if (valid) {
            encode_normalized(run, at == 0 && begin == 0, words);
          } else {
            words.append(run);
          }
          begin += run.size();
        }
      });
}

void Encoder::encode_normalized(std::string_view text, bool starts_text, Words& words) const {
  const std::string changed = normalizer_.empty() ? std::string() : run_steps(normalizer_, text);
  const std::string_view normalized = normalizer_.empty() ? text : changed;
  const PreTokenUse use = [&](PreToken part) { words.append(part.text); };
  normalized_tokens_.split(
      normalized, [&](const AddedToken& token) { words.append(token.id); },
      [&](std::string_view part, std::size_t at) {
        run_steps(pre_tokenizer_, {part, starts_text && at == 0}, use);
      });
}

}  // namespace sketchscope::text
