#include "mlprov/capture/compiler.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mlprov {
namespace {

TEST(CaptureCompiler, ThisUnitAndTheLibraryHaveOneCompilerHere) {
  const CompilerCapture here = this_compiler();
  const CompilerCapture library = library_compiler();
#ifdef __clang__
  EXPECT_EQ(here.id, "clang");
#else
  EXPECT_EQ(here.id, "gcc");
#endif
  EXPECT_EQ(here.version, __VERSION__);
  EXPECT_EQ(here.standard, std::to_string(__cplusplus));
  EXPECT_EQ(library.version, here.version);
  EXPECT_FALSE(library_version().empty());
  EXPECT_NO_THROW(to_canonical(compiler_content(library)));
}

TEST(CaptureCompiler, MacrosInForceAreListed) {
  const auto features = this_compiler().features;
  const bool listed = std::count(features.begin(), features.end(), "__OPTIMIZE__") == 1;
#ifdef __OPTIMIZE__
  EXPECT_TRUE(listed);
#else
  EXPECT_FALSE(listed);
#endif
}

}  // namespace
}  // namespace mlprov
