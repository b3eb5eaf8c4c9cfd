#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sketchscope::cpu {

/// What the inner loops are compiled for.
enum class InstructionSet : std::uint8_t { plain, avx2, avx512, avx512vnni };

[[nodiscard]] std::string_view name_of(InstructionSet set);

/// Those that this processor runs, plain first and the fastest last; never empty.
[[nodiscard]] std::vector<InstructionSet> supported_instruction_sets();

}  // namespace sketchscope::cpu
