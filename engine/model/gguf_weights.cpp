#include "engine/model/gguf_weights.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope::model {
namespace {

using checkpoint::Checkpoint;
using checkpoint::CheckpointTensor;
using checkpoint::GgufFile;
using checkpoint::GgufTensor;
using checkpoint::GgufType;

/// What a part is called in Llama's layout and in GGUF files.
struct PartName {
  std::string_view family;
  std::string_view gguf;
};
constexpr std::array kWholeParts = {
    PartName{"model.embed_tokens", "token_embd"},
    PartName{"model.norm", "output_norm"},
    PartName{"lm_head", "output"},
};
constexpr std::array kBlockParts = {
    PartName{"input_layernorm", "attn_norm"},    PartName{"self_attn.q_proj", "attn_q"},
    PartName{"self_attn.k_proj", "attn_k"},      PartName{"self_attn.v_proj", "attn_v"},
    PartName{"self_attn.q_norm", "attn_q_norm"}, PartName{"self_attn.k_norm", "attn_k_norm"},
    PartName{"self_attn.o_proj", "attn_output"}, PartName{"post_attention_layernorm", "ffn_norm"},
    PartName{"mlp.gate_proj", "ffn_gate"},       PartName{"mlp.up_proj", "ffn_up"},
    PartName{"mlp.down_proj", "ffn_down"},
};
// Tensors beside the weights: the factors of read_gguf_config(), and frequencies that old
// converters wrote and nothing reads.
constexpr std::array<std::string_view, 2> kNoWeights = {"rope_freqs.weight", ".attn_rot_embd."};

/// Returns the name in a GGUF file of `model.layers.3.mlp.up_proj.weight`, which is
/// `blk.3.ffn_up.weight`.
std::string gguf_name(const std::string& name) {
  constexpr std::string_view kLayers = "model.layers.";
  const std::size_t end = name.rfind('.');
  const std::string ending = name.substr(end);
  std::string_view part = std::string_view(name).substr(0, end);
  std::string block;
  const bool in_block = part.starts_with(kLayers);
  if (in_block) {
    part.remove_prefix(kLayers.size());
    const std::size_t dot = part.find('.');
    block = "blk." + std::string(part.substr(0, dot)) + ".";
    part.remove_prefix(dot + 1);
  }
  const auto parts = in_block ? std::span<const PartName>(kBlockParts) : kWholeParts;
  const auto found = std::ranges::find(parts, part, &PartName::family);
  if (found == parts.end()) throw std::logic_error("gguf_name: no name for " + name);
  return block + std::string(found->gguf) + ending;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "(" + text + ")";
}

bool is_in_blocks(GgufType type) {
  return type != GgufType::other && checkpoint::gguf_type_info(type).block_numbers > 1;
}

CheckpointTensor::Type plain_type(GgufType type) {
  switch (type) {
    case GgufType::f32:
      return CheckpointTensor::Type::f32;
    case GgufType::f16:
      return CheckpointTensor::Type::f16;
    case GgufType::bf16:
      return CheckpointTensor::Type::bf16;
    default:
      return CheckpointTensor::Type::other;
  }
}

/// The stored row at each place when rows (H, D / 2, 2) whose two halves alternate within each head
/// are put in the order (H, 2, D / 2) of one half after the other.
std::vector<std::size_t> halves_apart(std::size_t heads, std::size_t head_width) {
  std::vector<std::size_t> order(heads * head_width);
  for (std::size_t row = 0; row < order.size(); ++row) {
    const std::size_t i = row % head_width;
    order[row - i + i % 2 * (head_width / 2) + i / 2] = row;
  }
  return order;
}

/// Returns equally long rows in another order.
std::vector<float> in_order(std::span<const float> rows, std::span<const std::size_t> order) {
  std::vector<float> numbers;
  numbers.reserve(rows.size());
  const std::size_t columns = rows.size() / order.size();
  for (const std::size_t row : order) {
    const auto source = rows.subspan(row * columns, columns);
    numbers.insert(numbers.end(), source.begin(), source.end());
  }
  return numbers;
}

bool runs_in_blocks(GgufType type) {
  return type == GgufType::q8_0 || type == GgufType::q4_0 || type == GgufType::q4_1;
}

/// Makes the tensors of a checkpoint from those of a file.
class TensorMaker {
 public:
  TensorMaker(const GgufFile& file, const ModelConfig& config, BlockUse use)
      : file_(file),
        config_(config),
        use_(use),
        alternating_(family_of(config.family).gguf_pairs == GgufPairs::alternating) {}

  /// Returns the tensor that a family calls `wanted`, which the file calls `name`.
  [[nodiscard]] CheckpointTensor make(const TensorName& wanted, const std::string& name) const {
    const GgufTensor& tensor = file_.tensor(name);
    if (tensor.shape != wanted.shape) {
      throw core::Error({.what = "tensor " + name + " of " + file_.source() + " has another shape",
                         .found = shape_text(tensor.shape),
                         .expected = shape_text(wanted.shape) + " by the file's metadata",
                         .remedy = "fetch another file of this model"});
    }
    const int heads = heads_that_alternate(wanted.name);
    CheckpointTensor made{.type = plain_type(tensor.type),
                          .type_name = tensor.type_name,
                          .shape = tensor.shape,
                          .bytes = tensor.bytes};
    if (heads == 0 && made.type != CheckpointTensor::Type::other) return made;
    made.type = CheckpointTensor::Type::f32;
    made.bytes = {};
    const std::vector<std::size_t> order =
        halves_apart(static_cast<std::size_t>(heads), static_cast<std::size_t>(config_.head_width));
    made.compute = [tensor, order](std::span<float> numbers) {
      checkpoint::dequantize(tensor.type, tensor.bytes, numbers);
      if (!order.empty()) std::ranges::copy(in_order(numbers, order), numbers.begin());
    };
    if (use_ == BlockUse::as_stored && tensor.shape.size() == 2 && runs_in_blocks(tensor.type)) {
      made.blocks = {.type = tensor.type, .bytes = tensor.bytes, .order = order};
    }
    return made;
  }

 private:
  /// Returns the heads whose rows have alternating halves; 0 where none do.
  [[nodiscard]] int heads_that_alternate(const std::string& name) const {
    if (!alternating_) return 0;
    if (name.find(".q_proj.") != std::string::npos) return config_.heads;
    return name.find(".k_proj.") != std::string::npos ? config_.kv_heads : 0;
  }

  const GgufFile& file_;
  const ModelConfig& config_;
  BlockUse use_;
  bool alternating_;
};

/// Refuses a file with tensors that the forward pass would leave out.
void require_all_used(const GgufFile& file, const std::set<std::string>& used) {
  for (const auto& [name, tensor] : file.tensors()) {
    const bool no_weight = std::ranges::any_of(
        kNoWeights, [&](std::string_view part) { return name.find(part) != std::string::npos; });
    if (no_weight || used.contains(name)) continue;
    throw core::Error({.what = "tensor " + name + " of " + file.source() + " is not followed",
                       .found = shape_text(tensor.shape) + " of " + tensor.type_name,
                       .expected = "the weights of this architecture alone",
                       .remedy = "open a model without it"});
  }
}

}  // namespace

Checkpoint gguf_checkpoint(std::shared_ptr<const GgufFile> file, const ModelConfig& config,
                           BlockUse use) {
  Checkpoint whole;
  whole.source = file->source();
  const TensorMaker maker(*file, config, use);
  std::set<std::string> used;
  for (const TensorName& wanted : tensors_of(weight_names(config))) {
    const std::string name = gguf_name(wanted.name);
    whole.tensors[wanted.name] = maker.make(wanted, name);
    used.insert(name);
  }
  require_all_used(*file, used);
  whole.owners.push_back(std::move(file));
  return whole;
}

checkpoint::WeightDtype gguf_dtype(const GgufFile& file, checkpoint::WeightDtype dtype) {
  const bool in_blocks = std::ranges::any_of(
      file.tensors(), [](const auto& entry) { return is_in_blocks(entry.second.type); });
  return dtype == checkpoint::WeightDtype::as_stored && in_blocks ? checkpoint::WeightDtype::f16
                                                                  : dtype;
}

}  // namespace sketchscope::model
