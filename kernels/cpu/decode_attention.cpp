#include "kernels/decode_attention.hpp"

namespace sketchscope {

void decode_attention(const DecodeAttention& input, const AttentionResult& result) {
  reference::decode_attention(input, result);
}

void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass) {
  reference::prompt_attention(input, head, output, mass);
}

}  // namespace sketchscope
