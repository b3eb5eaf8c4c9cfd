#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sketchscope::kernels::cpu {

/// The instruction sets that the inner loops are compiled for. `plain` needs no extension of the
/// processor's base instructions.
enum class InstructionSet : std::uint8_t { plain, avx2, avx512, avx512vnni };

[[nodiscard]] std::string_view name_of(InstructionSet set);

/// Returns the sets that this processor supports, plain first and the fastest last; never empty.
[[nodiscard]] std::vector<InstructionSet> supported_instruction_sets();

/// The inner loops of all operations, compiled for one instruction set
/// (kernels/cpu/kernel_set.hpp).
struct KernelSet;

/// Returns the kernels compiled for a set. They may be called only if the processor supports it.
[[nodiscard]] const KernelSet& kernels_for(InstructionSet set);

/// Returns the kernels of the fastest instruction set that this processor supports. Operations use
/// them by default; tests pass the others.
[[nodiscard]] const KernelSet& best_kernels();

}  // namespace sketchscope::kernels::cpu
