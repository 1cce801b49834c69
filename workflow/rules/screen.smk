rule screen_answers:
    """Point at the suspicious answers of one wave: soft edits, change since the wave before, outliers. Nothing is changed."""
    input:
        firms="<results>/microdata/clean/firms_{wave}.parquet",
        previous=lambda wildcards: expand(
            "<results>/microdata/clean/firms_{wave}.parquet", wave=waves_before(wildcards.wave)
        ),
        dictionary="resources/dictionary/variables.csv",
        codelists=codelist_files(),
    output:
        suspects="<results>/microdata/screen/suspects_{wave}.parquet",
        screen="<results>/estimates/screen/{wave}.csv",
    log:
        "<results>/logs/screen_answers/{wave}.log",
    params:
        variables=STUDY.variables,
        derived=PROGRAMME["derived"],
        screen=PROGRAMME.get("screen", {}),
        edits=list(PROGRAMME["edits"]),
        given=given("screen_answers"),
        code=code("scripts/screen_answers.py"),
    script:
        "../../scripts/screen_answers.py"


rule rank_suspects:
    """Rank one wave's suspects by what correcting them could change in the estimates (selective editing)."""
    input:
        suspects="<results>/microdata/screen/suspects_{wave}.parquet",
        # The clean wave, not the imputed one: a suspect that was replaced must be scored by what the firm answered.
        firms="<results>/microdata/clean/firms_{wave}.parquet",
        design="<results>/microdata/weight/design_{wave}.parquet",
        dictionary="resources/dictionary/variables.csv",
        codelists=codelist_files(),
    output:
        review="<results>/microdata/screen/review_{wave}.parquet",
        scores="<results>/estimates/scores/{wave}.csv",
    log:
        "<results>/logs/rank_suspects/{wave}.log",
    params:
        variables=STUDY.variables,
        derived=PROGRAMME["derived"],
        score=PROGRAMME.get("score", {}),
        given=given("rank_suspects"),
        code=code("scripts/rank_suspects.py"),
    script:
        "../../scripts/rank_suspects.py"
