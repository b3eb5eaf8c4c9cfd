#pragma once

#include <array>
#include <cstdint>

#include "engine/core/registry.hpp"

namespace sketchscope::model {

/// Whether a text begins with a start token: where the tokenizer's files put one before every text,
/// always, or never.
enum class StartToken : std::uint8_t { automatic, on, off };

}  // namespace sketchscope::model

namespace sketchscope::core {
template <>
inline constexpr std::array enum_names<model::StartToken> = {
    NamedValue{model::StartToken::automatic, "auto"},
    NamedValue{model::StartToken::on, "on"},
    NamedValue{model::StartToken::off, "off"},
};
}  // namespace sketchscope::core
