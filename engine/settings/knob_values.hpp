#pragma once

#include <cstdint>

#include "engine/core/enum_names.hpp"
#include "kernels/kv_format.hpp"

namespace sketchscope {

/// What has a slot table of its own: each layer, or each head of each layer.
enum class Granularity : std::uint8_t { layer, head };
template <>
inline constexpr std::array enum_names<Granularity> = {
    NamedValue{Granularity::layer, "layer"},
    NamedValue{Granularity::head, "head"},
};

/// How a prompt comes in: in one pass with full attention and then cut, or token by token. What
/// `automatic` does is for each command to say.
enum class Prefill : std::uint8_t { automatic, full, stream };
template <>
inline constexpr std::array enum_names<Prefill> = {
    NamedValue{Prefill::automatic, "auto"},
    NamedValue{Prefill::full, "full"},
    NamedValue{Prefill::stream, "stream"},
};

/// How the layers of a lane share their slots out (LayerBudgets).
enum class BudgetKind : std::uint8_t { equal, pyramid, adaptive };
template <>
inline constexpr std::array enum_names<BudgetKind> = {
    NamedValue{BudgetKind::equal, "equal"},
    NamedValue{BudgetKind::pyramid, "pyramid"},
    NamedValue{BudgetKind::adaptive, "adaptive"},
};

/// What the capacity is moved for (CapacityTarget).
enum class TargetKind : std::uint8_t { none, retained_mass, logit_kl };
template <>
inline constexpr std::array enum_names<TargetKind> = {
    NamedValue{TargetKind::none, "none"},
    NamedValue{TargetKind::retained_mass, "retained-mass"},
    NamedValue{TargetKind::logit_kl, "logit-kl"},
};

/// With how many tokens a path that branches goes on: always as many, or by its entropy.
enum class BranchGrowth : std::uint8_t { fixed, entropy };
template <>
inline constexpr std::array enum_names<BranchGrowth> = {
    NamedValue{BranchGrowth::fixed, "fixed"},
    NamedValue{BranchGrowth::entropy, "entropy"},
};

template <>
inline constexpr std::array enum_names<KvFormat> = {
    NamedValue{KvFormat::f32, "f32"},
    NamedValue{KvFormat::f16, "f16"},
    NamedValue{KvFormat::int8, "int8"},
    NamedValue{KvFormat::int4, "int4"},
};

}  // namespace sketchscope
