#include "engine/train/training_model.hpp"

#include <nlohmann/json.hpp>

#include "engine/core/files.hpp"
#include "engine/text/byte_alphabet.hpp"

namespace sketchscope::train {
namespace {

using Json = nlohmann::ordered_json;

Json config(const TrainingShape& shape, int end_of_text) {
  return {{"architectures", {"GPT2LMHeadModel"}},
          {"model_type", "gpt2"},
          {"activation_function", "gelu_new"},
          {"n_layer", shape.layers},
          {"n_head", shape.heads},
          {"n_embd", shape.width},
          {"n_inner", nullptr},
          {"n_positions", shape.positions},
          {"n_ctx", shape.positions},
          {"vocab_size", shape.vocabulary},
          {"layer_norm_epsilon", 1e-5},
          {"attn_pdrop", 0.0},
          {"embd_pdrop", 0.0},
          {"resid_pdrop", 0.0},
          {"scale_attn_weights", true},
          {"scale_attn_by_inverse_layer_idx", false},
          {"reorder_and_upcast_attn", false},
          {"tie_word_embeddings", true},
          {"bos_token_id", end_of_text},
          {"eos_token_id", end_of_text},
          {"dtype", "float16"}};
}

std::string safetensors(const TrainingModel& model) {
  Json header = {{"__metadata__", {{"format", "pt"}}}};
  std::string data;
  for (const auto& [name, tensor] : model.parameters()) {
    const auto half = tensor.detach().to(at::kHalf).contiguous();
    const auto begin = data.size();
    data.append(static_cast<const char*>(half.data_ptr()), half.nbytes());
    header["transformer." + name] = {
        {"dtype", "F16"}, {"shape", half.sizes().vec()}, {"data_offsets", {begin, data.size()}}};
  }
  auto text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string length(8, '\0');
  for (std::size_t byte = 0; byte < 8; ++byte) {
    length[byte] = static_cast<char>(text.size() >> (8 * byte) & 0xFF);
  }
  return length + text + data;
}

Json tokenizer(const Json& vocab, const Json& merges, int end_of_text) {
  const Json byte_level = {{"type", "ByteLevel"},
                           {"add_prefix_space", false},
                           {"trim_offsets", true},
                           {"use_regex", true}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens",
           {{{"id", end_of_text},
             {"content", "<|endoftext|>"},
             {"single_word", false},
             {"lstrip", false},
             {"rstrip", false},
             {"normalized", false},
             {"special", true}}}},
          {"normalizer", nullptr},
          {"pre_tokenizer", byte_level},
          {"post_processor", nullptr},
          {"decoder", byte_level},
          {"model",
           {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", ""},
            {"end_of_word_suffix", ""},
            {"fuse_unk", false},
            {"byte_fallback", false},
            {"ignore_merges", false},
            {"vocab", vocab},
            {"merges", merges}}}};
}

}  // namespace

void export_model(const TrainingModel& model, const BytePairVocabulary& vocabulary,
                  const std::filesystem::path& directory) {
  core::make_folder(directory);
  const int end_of_text = vocabulary.end_of_text();
  Json vocab = Json::object();
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const auto& token = vocabulary.tokens[id];
    vocab[static_cast<int>(id) == end_of_text ? token : text::printable_from_bytes(token)] = id;
  }
  Json merges = Json::array();
  std::string merge_lines = "#version: 0.2\n";
  for (const auto& [left, right] : vocabulary.merges) {
    merges.push_back(text::printable_from_bytes(left) + ' ' + text::printable_from_bytes(right));
    merge_lines +=
        text::printable_from_bytes(left) + ' ' + text::printable_from_bytes(right) + '\n';
  }
  const Json generation = {{"bos_token_id", end_of_text}, {"eos_token_id", end_of_text}};
  const Json tokenizer_config = {
      {"tokenizer_class", "GPT2TokenizerFast"}, {"model_max_length", model.shape().positions},
      {"bos_token", "<|endoftext|>"},           {"eos_token", "<|endoftext|>"},
      {"unk_token", "<|endoftext|>"},           {"add_prefix_space", false}};
  core::write_file(directory / "config.json", config(model.shape(), end_of_text).dump(2) + '\n');
  core::write_file(directory / "generation_config.json", generation.dump(2) + '\n');
  core::write_file(directory / "vocab.json", vocab.dump());
  core::write_file(directory / "merges.txt", merge_lines);
  core::write_file(directory / "tokenizer.json",
                   tokenizer(vocab, merges, end_of_text).dump() + '\n');
  core::write_file(directory / "tokenizer_config.json", tokenizer_config.dump(2) + '\n');
  core::write_file(directory / "model.safetensors", safetensors(model));
}

}  // namespace sketchscope::train
