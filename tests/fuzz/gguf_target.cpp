#include <vector>

#include "engine/checkpoint/gguf_file.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/gguf_bytes.hpp"

namespace sketchscope::fuzz {
namespace {

using support::gguf_text;
using support::raw_bytes;

constexpr std::size_t kMostGgufNumbers = 1 << 16;

/// Asks for the value of a key as everything that it may be.
void read_gguf_value(const checkpoint::GgufMetadata& metadata, const std::string& key) {
  static_cast<void>(accepted([&] { return metadata.integer(key, -5, 5000); }));
  static_cast<void>(accepted([&] { return metadata.number(key); }));
  static_cast<void>(accepted([&] { return metadata.boolean(key); }));
  static_cast<void>(accepted([&] { return metadata.text(key); }));
  static_cast<void>(accepted([&] { return metadata.texts(key); }));
  static_cast<void>(accepted([&] { return metadata.numbers(key); }));
  static_cast<void>(accepted([&] { return metadata.integers(key); }));
}

bool run_gguf(std::string_view input) {
  const InputFile path("model.gguf", input);
  const auto file = accepted([&] { return checkpoint::GgufFile::open(path.path()); });
  if (!file) return false;
  for (const auto& [key, value] : file->metadata().values()) {
    read_gguf_value(file->metadata(), key);
  }
  for (const auto& [name, tensor] : file->tensors()) {
    if (!accepted([&] { return &file->tensor(name); })) continue;
    const auto info = checkpoint::gguf_type_info(tensor.type);
    require(tensor.count() / info.block_numbers * info.block_bytes == tensor.bytes.size(),
            "tensor " + name + " has other bytes than its shape");
    if (tensor.count() > kMostGgufNumbers) continue;
    std::vector<float> numbers(tensor.count());
    checkpoint::dequantize(tensor.type, tensor.bytes, numbers);
  }
  return true;
}

std::vector<std::string> gguf_seeds() {
  support::GgufParts parts;
  parts.add_key("general.architecture", 8, gguf_text("llama"));
  parts.add_key("general.alignment", 4, raw_bytes<std::uint32_t>(32));
  parts.add_key("llama.rope.freq_base", 6, raw_bytes(10000.0F));
  parts.add_key("tokenizer.ggml.add_bos_token", 7, std::string(1, '\1'));
  parts.add_key(
      "tokenizer.ggml.tokens", 9,
      raw_bytes<std::uint32_t>(8) + raw_bytes<std::uint64_t>(2) + gguf_text("a") + gguf_text("b"));
  parts.add_key("tokenizer.ggml.scores", 9,
                raw_bytes<std::uint32_t>(6) + raw_bytes<std::uint64_t>(1) + raw_bytes(-1.0F));
  parts.tensors = {{"token_embd.weight", {2, 3}, 0, 0}, {"output.weight", {32}, 8, 32}};
  parts.data = std::string(32 + 34, '\x11');
  return {parts.bytes()};
}

}  // namespace

Target gguf_target() {
  return {"gguf", "metadata and tensors of a GGUF file", run_gguf, gguf_seeds};
}

}  // namespace sketchscope::fuzz
