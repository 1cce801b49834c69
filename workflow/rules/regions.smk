rule map_regions:
    """Say where the firms are: counts, shares, location quotients, concentration, likeness of neighbours, types of regions."""
    input:
        **sample_files(),
        firms=f"<results>/microdata/slices/regions/{REGIONS.cohort if REGIONS else 'none'}.parquet",
        frame=frame_files(),
        lists=region_lists(),
    output:
        regions="<results>/estimates/regions/regions.csv",
        concentration="<results>/estimates/regions/concentration.csv",
        region_profiles="<results>/estimates/regions/region_profiles.csv",
        region_types="<results>/estimates/regions/region_types.csv",
    log:
        "<results>/logs/map_regions.log",
    params:
        spec=(REGIONS,),  # in a tuple: Snakemake does not compare a bare dataclass with the last run's
        lookup=(COVERAGE.cohorts[REGIONS.cohort].lookup if REGIONS else None,),
        zones=list(COVERAGE.groups.get(REGIONS.zone_cohort, ())) if REGIONS else [],
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        rules=PROGRAMME["design"],
        waves=list(STUDY.waves),
        replicated=REPLICATED,
        kept=keep("map_regions", "types"),
        environment=checksum("requirements.lock"),
        given=given("map_regions"),
        code=code("scripts/map_regions.py"),
    script:
        "../../scripts/map_regions.py"
