#include "mlprov/store/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mlprov/support/error.h"

namespace mlprov {
namespace {

TEST(Metrics, SortedByNameTheLaterValueCounts) {
  const Json json = metrics_to_json({{"loss", 2.0}, {"accuracy", 0.5}, {"loss", 1.0}});
  EXPECT_EQ(to_canonical(json), R"([{"name":"accuracy","value":{"bits":"3fe0000000000000"}},)"
                                R"({"name":"loss","value":{"bits":"3ff0000000000000"}}])");
  const auto metrics = metrics_from_json(json);
  ASSERT_EQ(metrics.size(), 2u);
  EXPECT_EQ(metrics[1].value, 1.0);
}

TEST(Metrics, NotANumberIsAsGoodAsAny) {
  const auto metrics = metrics_from_json(metrics_to_json({{"loss", std::nan("")}}));
  EXPECT_TRUE(std::isnan(metrics.at(0).value));
}

TEST(Metrics, OtherShapesAreRefused) {
  for (const char* text :
       {R"({})", R"([1])", R"([{"name":"a"}])",
        R"([{"name":1,"value":{"bits":"3ff0000000000000"}}])", R"([{"name":"a","value":1}])",
        R"([{"name":"a","value":{"bits":"3ff0000000000000"},"x":1}])",
        R"([{"name":"b","value":{"bits":"3ff0000000000000"}},)"
        R"({"name":"a","value":{"bits":"3ff0000000000000"}}])"}) {
    EXPECT_THROW(metrics_from_json(parse_json(text)), Error) << text;
  }
}

}  // namespace
}  // namespace mlprov
