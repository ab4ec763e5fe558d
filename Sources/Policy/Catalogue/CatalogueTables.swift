// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// All entries that ship, in the order in which they are looked up.
enum CatalogueTables {
    static let all: [CatalogueEntry] =
        AWSEntries.all + GoogleEntries.all + AzureEntries.all + PlatformEntries.all + ForgeEntries.all + ClusterEntries.all
        + RailwayEntries.all + ServiceEntries.all
}
